using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ServiceEval.Data.Sqlite;

/// <summary>For <c>dotnet ef</c> and the test of pending model changes: no host, no file.</summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ServiceEvalDb>
{
    public ServiceEvalDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlite("Data Source=:memory:");
        return new ServiceEvalDb(options.Options);
    }
}
