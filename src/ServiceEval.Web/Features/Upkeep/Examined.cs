using System.Data.Common;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Web.Hosting;
using ServiceEval.Web.Hosting.Checks;

namespace ServiceEval.Web.Features.Upkeep;

internal sealed record Examined(string Name, string Title, FindingState State, IReadOnlyList<Finding> Findings)
{
    /// <summary>The result in one line.</summary>
    [JsonIgnore]
    public string Line
    {
        get
        {
            var state = State switch
            {
                FindingState.Ok => "正常",
                FindingState.Warning => "注意",
                _ => "故障",
            };
            // If there is a fault or a warning, the findings that are fine are left out.
            return $"{state}\t{Title}\t{string.Concat(Findings.Where(f => f.State != FindingState.Ok || State == FindingState.Ok).Select(f => $"{f.What.TrimEnd('。')}。{f.Remedy}"))}".ReplaceLineEndings(
                " "
            );
        }
    }
}
