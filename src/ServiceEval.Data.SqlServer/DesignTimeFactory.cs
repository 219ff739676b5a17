using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ServiceEval.Data.SqlServer;

/// <summary>For <c>dotnet ef</c> and the test of pending model changes: no host, no server.</summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ServiceEvalDb>
{
    public ServiceEvalDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlServer("Server=localhost;Database=serviceeval");
        return new ServiceEvalDb(options.Options);
    }
}
