using System.Reflection;
using ServiceEval.TestDatabases;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Databases))]

namespace ServiceEval.Core.Tests;

/// <summary>
/// A theory with a row for each kind of database. The kind is the only argument. If a kind cannot run on this machine,
/// its row is skipped with the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryDatabaseAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod,
        DisposalTracker disposalTracker
    ) =>
        new([
            .. Enum.GetValues<DatabaseKind>()
                .Select(kind => new TheoryDataRow<DatabaseKind>(kind) { Skip = Databases.WhyNot(kind) }),
        ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
