using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace ServiceEval.Web.Components;

/// <summary>Tells the frame of every page whether the data are made up. The room that loads the data decides.</summary>
public delegate bool IsDemo();

public static class ComponentsSetup
{
    /// <summary>
    /// Registers what renders pages. It must come before the problem responses, because the first writer whose CanWrite
    /// returns true writes the response, and <see cref="ProblemPages"/> comes before JSON.
    /// </summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        // Chinese characters are not escaped as numbers. So the pages are a third of the size and their source can be
        // read.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        return services.AddSingleton<PageRenderer>().AddSingleton<IProblemDetailsWriter, ProblemPages>();
    }
}
