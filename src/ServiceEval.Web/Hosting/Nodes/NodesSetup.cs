using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using ServiceEval.Core.Storage;

namespace ServiceEval.Web.Hosting.Nodes;

internal static class NodesSetup
{
    /// <summary>
    /// Registers the services for nodes that share a database, and the data protection keys that they share.
    /// </summary>
    public static void AddNodes(this IServiceCollection services)
    {
        services.AddSingleton<NodeRegistry>().AddHostedService(provider => provider.GetRequiredService<NodeRegistry>());
        services.AddDataProtection().SetApplicationName("ServiceEval");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(
            provider => new ConfigureOptions<KeyManagementOptions>(keys => keys.XmlRepository = Repository(provider))
        );
    }

    /// <summary>
    /// Stores the data protection keys beside the ticket keys: in the server's database, or in a folder beside the
    /// database file.
    /// </summary>
    private static IXmlRepository Repository(IServiceProvider provider)
    {
        var loggers = provider.GetRequiredService<ILoggerFactory>();
        if (provider.GetRequiredService<DatabaseEngine>().IsServer)
            return new EntityFrameworkCoreXmlRepository<ServiceEvalDb>(provider, loggers);
        var folder = Path.Combine(
            provider.GetRequiredService<IOptions<ServiceEvalOptions>>().Value.DataPath,
            "keys",
            "protection"
        );
        return new FileSystemXmlRepository(new DirectoryInfo(folder), loggers);
    }
}
