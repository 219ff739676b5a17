using System.Text.RegularExpressions;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Architecture;

/// <summary>
/// A type is found by its file's name. A small type, such as the record that an endpoint returns, may stay beside the
/// type that uses it, and the configuration of an entity beside the entity.
/// </summary>
public sealed partial class FileNamesTests
{
    /// <summary>The most lines of a small type.</summary>
    private const int Small = 12;

    /// <summary>The most types of a hundred that may be in a file of another name.</summary>
    private const double Most = 5;

    [Fact]
    public void Almost_every_type_is_in_the_file_of_its_name()
    {
        var types = Sources().SelectMany(TypesIn).ToList();
        var elsewhere = types.Where(type => !type.IsInItsFile).ToList();
        var share = 100.0 * elsewhere.Count / types.Count;

        Assert.True(
            share <= Most,
            $"{elsewhere.Count} of {types.Count} types ({share:0.0} %) are in a file of another name, at most {Most} % may "
                + $"be. Move some to files of their own: {string.Join(", ", elsewhere.Select(type => type.Name))}."
        );
    }

    private static IEnumerable<string> Sources() =>
        Directory
            .EnumerateFiles(Path.Combine(ProgramRun.Checkout, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !Generated().IsMatch(path.Replace('\\', '/')));

    private static IEnumerable<(string Name, bool IsInItsFile)> TypesIn(string path)
    {
        var file = Path.GetFileNameWithoutExtension(path);
        var text = File.ReadAllText(path).ReplaceLineEndings("\n");
        return Declaration()
            .Matches(text)
            .Select(type =>
                (
                    type.Groups["name"].Value,
                    type.Groups["name"].Value == file
                        || type.Value.Contains("IEntityTypeConfiguration", StringComparison.Ordinal)
                        || type.Value.TrimEnd().Count(c => c == '\n') < Small
                )
            );
    }

    [GeneratedRegex("/(obj|bin|Migrations)/")]
    private static partial Regex Generated();

    /// <summary>
    /// Matches a type outside of other types, with its members. The formatter indents everything else, so such a type
    /// ends at the first line that begins with a brace, or at a semicolon if it has no members.
    /// </summary>
    [GeneratedRegex(
        @"^(?:(?:public|internal|sealed|static|abstract|partial|readonly) )*(?:class|record struct|record|struct|enum|interface) (?<name>\w+)(?:[^{;]*;\n|(?s:.*?)^\}\n?)",
        RegexOptions.Multiline
    )]
    private static partial Regex Declaration();
}
