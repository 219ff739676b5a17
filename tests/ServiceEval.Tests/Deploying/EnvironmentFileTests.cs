using ServiceEval.Core;
using ServiceEval.Setup;
using ServiceEval.Tests.Hosting;

namespace ServiceEval.Tests.Deploying;

/// <summary>
/// Tests the service's settings file. Our reader must read it as systemd does. The tests ask systemd itself.
/// </summary>
public sealed class EnvironmentFileTests
{
    private const string SettingsFile = "/etc/serviceeval/serviceeval.env";

    /// <summary>The first column is a value as written by hand. The second column is its meaning.</summary>
    public static TheoryData<string, string> Written { get; } =
        new()
        {
            { "\"a\\b\"", "a\\b" },
            { "\"a\\\\b\\\"c\\$d\\`e\"", "a\\b\"c$d`e" },
            { "a\\b", "ab" },
            { "'a\\b\"c'", "a\\b\"c" },
            { "\"a\\\"", "a\"\nZ=z\n" },
            { "  plain text  ", "plain text" },
            { "\"a\"b", "ab" },
            { "\"a\"  'b'", "ab" },
            { "a\"b\"", "a\"b\"" },
            { "a #b", "a #b" },
            { "a;b", "a;b" },
            { "a=b", "a=b" },
            { "a\\\nb", "ab" },
            { "\"a\\\nb\"", "ab" },
            { "a\\ ", "a " },
            { "", "" },
            { "$HOME/%h", "$HOME/%h" },
            { "\"Host=db;\nPassword=Zb7|k\"", "Host=db;\nPassword=Zb7|k" },
            { "'two\nlines'", "two\nlines" },
            { "中文", "中文" },
            { "a\r", "a" },
        };

    [Theory]
    [MemberData(nameof(Written))]
    public async Task A_handwritten_setting_has_the_value_that_systemd_reads_also_after_the_next_installation(
        string written,
        string value
    )
    {
        var text = $"ServiceEval__X={written}\nZ=z\n";
        var read = EnvironmentFile.Read(text, SettingsFile);

        Assert.Equal(value, read["ServiceEval__X"]);
        Assert.Equal(value, EnvironmentFile.Read(EnvironmentFile.Write(read), SettingsFile)["ServiceEval__X"]);
        // A condition of systemd cannot contain a line break, and an empty value does not meet it.
        if (value.Length == 0 || value.Contains('\n', StringComparison.Ordinal))
            return;
        Assert.True(await SystemdReadsAsync(text, value), $"systemd reads something else than “{value}”.");
        Assert.True(
            await SystemdReadsAsync(EnvironmentFile.Write(read), value),
            $"What is written means something else to systemd than “{value}”."
        );
    }

    [Fact]
    public void What_is_no_setting_is_left_out_and_does_not_swallow_the_next()
    {
        var read = EnvironmentFile.Read("# a=1\n; b=2\nnonsense\n  C = 3\n9D=4\nE=5\nE=6", SettingsFile);

        Assert.Equal([("C", "3"), ("E", "6")], read.Select(s => (s.Key, s.Value)));
    }

    [Theory]
    [InlineData("A=1\n# the old data:\\\nB=2\n", 2)]
    [InlineData("; C:\\data\\\n", 1)]
    [InlineData("A=\"1\n2\"\n\n  # x\\\nB=2", 4)]
    public void A_comment_that_systemd_254_reads_otherwise_than_older_ones_is_refused(string text, int line)
    {
        var refused = Assert.Throws<OperatorException>(() => EnvironmentFile.Read(text, SettingsFile));
        Assert.StartsWith($"{SettingsFile} 第 {line} 行的注释以反斜杠结尾", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Our reader and systemd read these lines alike.</summary>
    [Theory]
    [InlineData("# C:\\data\nA=1")]
    [InlineData("# \\ \nA=1")]
    [InlineData("# x\\\r\nA=1")]
    [InlineData("A=1\n# x\\")]
    public void Another_comment_with_a_backslash_is_a_comment(string text) =>
        Assert.Equal("1", Assert.Single(EnvironmentFile.Read(text, SettingsFile)).Value);

    [Fact]
    public void A_value_over_two_lines_is_kept_whole_and_nothing_of_it_is_printed()
    {
        const string Text = "ConnectionStrings__ServiceEval=\"Host=db;\nPassword=Zb7|k\"\n";
        var before = EnvironmentFile.Read(Text, SettingsFile);
        var file = Systemd
            .Install(new InstallWish("/nowhere/data", null, null, null), before, "serviceeval")
            .Steps.OfType<WriteFile>()
            .Single(f => f.Path.EndsWith(".env", StringComparison.Ordinal));

        var after = EnvironmentFile.Read(file.Content, SettingsFile);
        Assert.Equal("Host=db;\nPassword=Zb7|k", after["ConnectionStrings__ServiceEval"]);
        Assert.DoesNotContain("Zb7", file.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer Zb7k")]
    [InlineData("ServiceEval__SomethingOfTomorrow", "Zb7k")]
    [InlineData("HTTPS_PROXY", "http://me:Zb7k@proxy:8080")]
    [InlineData("ServiceEval__PublicUrl", "https://me:Zb7k@hcp.example.gov.cn")]
    public void What_is_not_known_to_be_harmless_is_not_printed(string name, string value)
    {
        var file = Systemd
            .Install(
                new InstallWish("/nowhere/data", null, null, null),
                new Dictionary<string, string> { [name] = value },
                "serviceeval"
            )
            .Steps.OfType<WriteFile>()
            .Single(f => f.Path.EndsWith(".env", StringComparison.Ordinal));

        Assert.Contains($"{name}=", file.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Zb7", file.ToString(), StringComparison.Ordinal);
    }

    /// <summary>
    /// Returns whether systemd reads the value. It uses the only function of systemd that reads such a file without
    /// control of the machine.
    /// </summary>
    private static async Task<bool> SystemdReadsAsync(string text, string value)
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "release");
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        var word =
            $"\"ServiceEval__X={value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal)}\"";
        await using var asked = ProgramRun.StartFile(
            folder.Path,
            "systemd-analyze",
            ["condition", $"ConditionOSRelease={word}"],
            ("SYSTEMD_OS_RELEASE", path)
        );
        return await asked.ExitAsync() == 0;
    }
}
