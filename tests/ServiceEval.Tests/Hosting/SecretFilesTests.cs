namespace ServiceEval.Tests.Hosting;

/// <summary>
/// Tests settings from a directory of files. Containers and systemd pass secrets in this way, because secrets should
/// not be in the environment.
/// </summary>
public sealed class SecretFilesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ServiceEval__SecretsDirectory")]
    [InlineData("CREDENTIALS_DIRECTORY")]
    public async Task A_file_is_a_setting_by_its_name_and_wins_over_the_environment(string setting)
    {
        using var folder = new Folder();
        var secrets = Directory.CreateDirectory(Path.Combine(folder.Path, "secrets")).FullName;
        // An editor adds a line break at the end that does not belong to the value.
        await File.WriteAllTextAsync(
            Path.Combine(secrets, "ConnectionStrings__ServiceEval"),
            $"Data Source={folder.Path}/secret.db\n",
            Ct
        );
        await using var verb = ProgramRun.Start(
            folder.Path,
            "seed minimal",
            (setting, secrets),
            ("ConnectionStrings__ServiceEval", $"Data Source={folder.Path}/other.db")
        );

        Assert.Equal(0, await verb.ExitAsync());
        Assert.True(File.Exists(Path.Combine(folder.Path, "secret.db")));
        Assert.False(File.Exists(Path.Combine(folder.Path, "other.db")));
    }

    [Theory]
    [InlineData("missing", "读不了")]
    [InlineData("file", "读不了")]
    [InlineData("empty", "没有文件")]
    public async Task An_unusable_secrets_directory_ends_every_command_in_one_sentence(string name, string complaint)
    {
        using var folder = new Folder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "empty"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "file"), "", Ct);
        await using var verb = ProgramRun.Start(
            folder.Path,
            "windows",
            ("ServiceEval__SecretsDirectory", Path.Combine(folder.Path, name))
        );

        Assert.Equal(1, await verb.ExitAsync());
        var sentence = Assert.Single(verb.Errors.Split('\n'));
        Assert.Contains(
            $"ServiceEval__SecretsDirectory 所指的目录 {folder.Path}/{name}",
            sentence,
            StringComparison.Ordinal
        );
        Assert.Contains(complaint, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_value_in_a_file_is_not_repeated()
    {
        using var folder = new Folder();
        var secrets = Directory.CreateDirectory(Path.Combine(folder.Path, "secrets")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(secrets, "ConnectionStrings__ServiceEval"),
            "Host=127.0.0.1;Passwort=x9planted",
            Ct
        );
        await using var verb = ProgramRun.Start(
            folder.Path,
            "windows",
            ("ServiceEval__SecretsDirectory", secrets),
            ("ServiceEval__Database", "postgresql")
        );

        Assert.Equal(1, await verb.ExitAsync());
        Assert.Contains(
            "ConnectionStrings__ServiceEval",
            Assert.Single(verb.Errors.Split('\n')),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("x9planted", verb.Errors, StringComparison.Ordinal);
    }
}
