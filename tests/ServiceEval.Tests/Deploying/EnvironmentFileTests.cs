using ServiceEval.Tests.Hosting;
using ServiceEval.Web.Hosting.Installing;

namespace ServiceEval.Tests.Deploying;

/// <summary>The service's settings file: ours reads it as systemd does, and systemd itself is asked what it reads.</summary>
public sealed class EnvironmentFileTests
{
    /// <summary>Each value that is written by hand in the first column means the second.</summary>
    public static TheoryData<string, string> Written { get; } = new()
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
    public async Task A_setting_written_by_hand_means_what_systemd_takes_it_for_also_after_the_next_installation(string written, string value)
    {
        var text = $"ServiceEval__X={written}\nZ=z\n";
        var read = EnvironmentFile.Read(text);

        Assert.Equal(value, read["ServiceEval__X"]);
        Assert.Equal(value, EnvironmentFile.Read(EnvironmentFile.Write(read))["ServiceEval__X"]);
        // A condition can't name a line's end, and is not met by nothing.
        if (value.Length == 0 || value.Contains('\n', StringComparison.Ordinal)) return;
        Assert.True(await SystemdReadsAsync(text, value), $"systemd reads something else than “{value}”.");
        Assert.True(await SystemdReadsAsync(EnvironmentFile.Write(read), value), $"What is written means something else to systemd than “{value}”.");
    }

    [Fact]
    public void What_is_no_setting_is_left_out_and_does_not_swallow_the_next()
    {
        var read = EnvironmentFile.Read("# a=1\n; b=2\nnonsense\n  C = 3\n9D=4\nE=5\nE=6");

        Assert.Equal([("C", "3"), ("E", "6")], read.Select(s => (s.Key, s.Value)));
    }

    [Fact]
    public void A_value_over_two_lines_is_kept_whole_and_nothing_of_it_is_printed()
    {
        var before = EnvironmentFile.Read("ConnectionStrings__ServiceEval=\"Host=db;\nPassword=Zb7|k\"\n");
        var file = Systemd.Install(new InstallWish("/nowhere/data", null, null, null), before, "serviceeval").Steps.OfType<WriteFile>().Single(f => f.Path.EndsWith(".env", StringComparison.Ordinal));

        Assert.Equal("Host=db;\nPassword=Zb7|k", EnvironmentFile.Read(file.Content)["ConnectionStrings__ServiceEval"]);
        Assert.DoesNotContain("Zb7", file.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer Zb7k")]
    [InlineData("ServiceEval__SomethingOfTomorrow", "Zb7k")]
    [InlineData("HTTPS_PROXY", "http://me:Zb7k@proxy:8080")]
    [InlineData("ServiceEval__PublicUrl", "https://me:Zb7k@hcp.example.gov.cn")]
    public void What_is_not_known_to_be_harmless_is_not_printed(string name, string value)
    {
        var file = Systemd.Install(new InstallWish("/nowhere/data", null, null, null), new Dictionary<string, string> { [name] = value }, "serviceeval")
            .Steps.OfType<WriteFile>().Single(f => f.Path.EndsWith(".env", StringComparison.Ordinal));

        Assert.Contains($"{name}=", file.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Zb7", file.ToString(), StringComparison.Ordinal);
    }

    /// <summary>By the one place where systemd reads such a file and can be asked without being in charge of the machine.</summary>
    private static async Task<bool> SystemdReadsAsync(string text, string value)
    {
        using var folder = new Folder();
        var path = Path.Combine(folder.Path, "release");
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        var word = $"\"ServiceEval__X={value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal)}\"";
        await using var asked = ProgramRun.StartFile(folder.Path, "systemd-analyze", ["condition", $"ConditionOSRelease={word}"], ("SYSTEMD_OS_RELEASE", path));
        return await asked.ExitAsync() == 0;
    }
}
