namespace ServiceEval.Browser.Tests.Halls;

public static class QrCode
{
    /// <summary>Returns the text of the only QR code in the picture.</summary>
    public static async Task<string> ReadAsync(string picture)
    {
        var (exitCode, output, errors) = await Tools.RunAsync(
            "zbarimg",
            ["--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", picture]
        );
        Assert.True(exitCode == 0, $"No code was read in {Path.GetFileName(picture)}. {errors}");
        return output.Trim();
    }
}
