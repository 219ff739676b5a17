using System.CommandLine;
using System.Diagnostics;
using ServiceEval.Core;

namespace ServiceEval.Setup;

/// <summary>The service manager of this machine.</summary>
internal interface IServiceSystem
{
    /// <exception cref="OperatorException">The options are not valid.</exception>
    Plan Install(InstallWish wish);

    Plan Uninstall();

    /// <summary>
    /// Returns the settings of the service, and the command that runs a command of this program under the service's
    /// account.
    /// </summary>
    /// <exception cref="OperatorException">The service is not installed, or this account may not act for it.</exception>
    (IReadOnlyDictionary<string, string> Settings, string[] Command) Run(IReadOnlyList<string> verb);
}
