using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.SqlClient;

namespace ServiceEval.SqlServer.Tests;

/// <summary>A statement that would have been sent to a server.</summary>
/// <param name="Parameters">The parameters in the form of a procedure's declaration.</param>
/// <param name="Site">The source of the statement: file and line of the product, or a name.</param>
public sealed record Captured(string Sql, string Parameters, Site Site)
{
    public static Captured Of(DbCommand command, Site site) =>
        new(
            command.CommandText,
            string.Join(", ", command.Parameters.Cast<SqlParameter>().Select(p => $"{p.ParameterName} {TypeOf(p)}")),
            site
        );

    private static string TypeOf(SqlParameter parameter) =>
        parameter.SqlDbType switch
        {
            SqlDbType.NVarChar or SqlDbType.VarChar or SqlDbType.VarBinary =>
                $"{Name(parameter)}({(parameter.Size is > 0 and <= 4000 ? Number(parameter.Size) : "max")})",
            SqlDbType.Binary or SqlDbType.NChar or SqlDbType.Char => $"{Name(parameter)}({Number(parameter.Size)})",
            SqlDbType.DateTimeOffset or SqlDbType.DateTime2 or SqlDbType.Time =>
                $"{Name(parameter)}({(parameter.Scale == 0 ? "7" : Number(parameter.Scale))})",
            _ => Name(parameter),
        };

    private static string Name(SqlParameter parameter) => parameter.SqlDbType.ToString().ToLowerInvariant();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A place in the product's source.</summary>
/// <param name="Offset">The offset within the method, because one statement may send several queries.</param>
public readonly record struct Site(string File, int Line, int Offset = 0)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}");
}
