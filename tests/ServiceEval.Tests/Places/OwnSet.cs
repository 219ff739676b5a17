using System.Text;

namespace ServiceEval.Tests.Places;

/// <summary>
/// A set of one test in the program's folder of sets. It is small and correct, and the test changes parts of it.
/// </summary>
internal sealed class OwnSet : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(
        Path.Combine(AppContext.BaseDirectory, "seeds", $"own-{Guid.NewGuid():N}")
    );

    public OwnSet()
    {
        Write("set.json", $$"""{"name":"{{Name}}","title":"示例县","demo":false,"includes":["national"]}""");
        foreach (var (file, lines) in Good)
            Write($"{file}.csv", string.Join('\n', [.. lines, ""]));
    }

    public string Name => _folder.Name;

    private static Dictionary<string, string[]> Good { get; } =
        new()
        {
            ["departments"] =
            [
                "code,name,shortName",
                "SAMPLE000000000001,示例县人力资源和社会保障局,人社局",
                "SAMPLE000000000002,示例县公安局,公安局",
            ],
            ["halls"] =
            [
                "code,name,shortName,kind,timeZone,openingHours,telephone,address",
                "main,示例县政务服务中心,县大厅,hall,Asia/Shanghai,\"Mo-Fr 09:00-12:00,13:30-17:00; PH off\",0393-0000001、12345,示例路1号",
            ],
            ["windows"] =
            [
                "hall,number,name,kind,department,status",
                "main,1,综合窗口,comprehensive,,active",
                "main,A-2,社保窗口,special,SAMPLE000000000001,active",
            ],
            ["items"] =
            [
                "code,name,department,aliases",
                "ITEM-1,社会保障卡申领,SAMPLE000000000001,社保卡|社保",
                "ITEM-2,居民身份证补领,SAMPLE000000000002,",
            ],
            ["window-items"] = ["hall,number,item,rank", "main,1,ITEM-1,1", "main,1,ITEM-2,2"],
            ["tags"] =
            [
                "code,grade,text,textEn,basic,version,retired",
                "L501,verySatisfied,排队时间短,Short wait,false,1,FALSE",
                "L502,verySatisfied,环境整洁,Tidy hall,TRUE,1,false",
            ],
        };

    public void Write(string file, string content, Encoding? encoding = null) =>
        WriteBytes(file, [.. (encoding ?? new UTF8Encoding(false)).GetBytes(content)]);

    public void WriteBytes(string file, byte[] content) =>
        File.WriteAllBytes(Path.Combine(_folder.FullName, file), content);

    public void Delete(string file) => File.Delete(Path.Combine(_folder.FullName, file));

    public string Read(string file) => File.ReadAllText(Path.Combine(_folder.FullName, file));

    public void Replace(string file, string old, string by)
    {
        var content = Read(file);
        Assert.Contains(old, content, StringComparison.Ordinal);
        Write(file, content.Replace(old, by, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
