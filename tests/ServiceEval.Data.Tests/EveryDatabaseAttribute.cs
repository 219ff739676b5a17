using System.Reflection;
using ServiceEval.TestDatabases;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Databases))]

namespace ServiceEval.Data.Tests;

/// <summary>A theory with a row for each kind of database, its kind the only argument.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryDatabaseAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<DatabaseKind>().Select(kind => new TheoryDataRow<DatabaseKind>(kind))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
