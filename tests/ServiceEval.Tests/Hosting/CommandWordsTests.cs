using System.Text.RegularExpressions;

namespace ServiceEval.Tests.Hosting;

public sealed partial class CommandWordsTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("serve --help")]
    [InlineData("migrate --help")]
    [InlineData("seed --help")]
    [InlineData("import --help")]
    [InlineData("import ratings --help")]
    [InlineData("windows --help")]
    [InlineData("windows revoke --help")]
    [InlineData("simulate --help")]
    [InlineData("report weekly --help")]
    [InlineData("verify --help")]
    [InlineData("ledger --help")]
    [InlineData("ledger keys --help")]
    [InlineData("ledger admit --help")]
    [InlineData("ledger rotate --help")]
    [InlineData("ledger renew --help")]
    [InlineData("ledger accept --help")]
    [InlineData("backup --help")]
    [InlineData("restore --help")]
    [InlineData("doctor --help")]
    [InlineData("service --help")]
    [InlineData("service install --help")]
    [InlineData("service uninstall --help")]
    [InlineData("service run --help")]
    public async Task Help_speaks_one_language(string arguments)
    {
        using var folder = new Folder();
        await using var help = ProgramRun.Start(folder.Path, arguments);

        Assert.Equal(0, await help.ExitAsync());
        Assert.DoesNotMatch(EnglishSentence(), help.Output);
        Assert.DoesNotMatch(HalfTranslated(), help.Output);
        Assert.Contains(
            $"用法：\n  serviceeval {arguments[..^"--help".Length]}".TrimEnd(),
            help.Output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("windows --nope")]
    [InlineData("seed")]
    [InlineData("import ratings")]
    [InlineData("backup")]
    [InlineData("simulate --rate many")]
    [InlineData("report weekly --week 2026-W99")]
    public async Task What_a_command_line_gets_wrong_is_said_in_the_same_language(string arguments)
    {
        using var folder = new Folder();
        await using var verb = ProgramRun.Start(folder.Path, arguments);

        Assert.Equal(2, await verb.ExitAsync());
        Assert.DoesNotMatch(EnglishSentence(), verb.Errors);
    }

    [Theory]
    [InlineData("frobnicate", "未识别命令或参数“frobnicate”。")]
    [InlineData("backup", "命令“backup”缺少所需参数“FILE”。")]
    [InlineData("report", "report 之后应写 weekly。")]
    [InlineData("service", "service 之后应写 install 或 uninstall 或 run。")]
    public async Task What_is_wrong_is_said_as_one_writes_it(string arguments, string sentence)
    {
        using var folder = new Folder();
        await using var verb = ProgramRun.Start(folder.Path, arguments);

        Assert.Equal(2, await verb.ExitAsync());
        Assert.Contains(sentence, verb.Errors.Split('\n'));
    }

    /// <summary>Matches the beginning of an English sentence. It must not match a written command.</summary>
    [GeneratedRegex(@"(?<![.\w])[A-Z][a-z]+ [a-z]+ [a-z]+|is required")]
    private static partial Regex EnglishSentence();

    /// <summary>Matches the English words that the library puts around our texts.</summary>
    [GeneratedRegex(@"Description|additional|\[command|\[options|\[default|[一-龥]: ?$", RegexOptions.Multiline)]
    private static partial Regex HalfTranslated();
}
