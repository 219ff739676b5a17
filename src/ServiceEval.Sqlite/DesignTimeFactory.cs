using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using ServiceEval.Core.Storage;

namespace ServiceEval.Sqlite;

/// <summary>
/// Creates the context for <c>dotnet ef</c> and for the test of pending model changes. It needs no host and no file.
/// </summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ServiceEvalDb>
{
    public ServiceEvalDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite("Data Source=:memory:");
        return new ServiceEvalDb(options.Options);
    }
}
