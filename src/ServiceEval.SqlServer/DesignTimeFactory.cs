using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using ServiceEval.Core.Storage;

namespace ServiceEval.SqlServer;

/// <summary>
/// Creates the context for <c>dotnet ef</c> and for the test of pending model changes. It needs no host and no server.
/// </summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ServiceEvalDb>
{
    public ServiceEvalDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ServiceEvalDb>();
        options.UseServiceEvalSqlServer("Server=localhost;Database=serviceeval");
        return new ServiceEvalDb(options.Options);
    }
}
