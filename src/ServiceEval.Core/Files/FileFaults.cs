namespace ServiceEval.Core.Files;

/// <summary>
/// Translates file errors of the operating system into a Chinese clause, because the system's own messages are in
/// English.
/// </summary>
internal static class FileFaults
{
    public static bool IsInUse(IOException e) =>
        e.HResult is 11 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

    public static string Reason(Exception e) =>
        e switch
        {
            UnauthorizedAccessException => "没有权限",
            DirectoryNotFoundException => "目录不存在",
            FileNotFoundException => "文件或目录不存在",
            PathTooLongException => "路径太长",
            // The values are errno on Unix and Win32 error codes on Windows.
            IOException { HResult: 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027) } =>
                "磁盘已满",
            IOException { HResult: 30 or unchecked((int)0x80070013) } => "那里是只读的",
            IOException { HResult: 20 } => "路径中有一段不是目录",
            IOException { HResult: 17 or unchecked((int)0x80070050) or unchecked((int)0x800700b7) } =>
                "已经有同名的文件或目录",
            IOException io when IsInUse(io) => "正被别的程序占用",
            // An unknown error keeps the system's message. Otherwise nobody could find its cause.
            _ => $"读写出错（{e.Message.TrimEnd('.', '。')}）",
        };
}
