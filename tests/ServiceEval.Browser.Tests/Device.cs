using Microsoft.Playwright;

namespace ServiceEval.Browser.Tests;

/// <summary>The screen and the input of a device. Its name is part of the names of its pictures.</summary>
public sealed record Device(string Name, int Width, int Height)
{
    private const string Android =
        "Mozilla/5.0 (Linux; Android 10; V1932A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/86.0.4240.99 Mobile Safari/537.36";

    private const string InWeChat =
        Android
        + " XWEB/1160117 MMWEBSDK/20240404 MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 NetType/4G Language/zh_CN";
    private const string InAlipay =
        Android + " UCBS/3.22 Nebula AlipayDefined(nt:4G) AliApp(AP/10.5.96) AlipayClient/10.5.96 Language/zh-Hans";

    /// <summary>The space that an in-app browser leaves on a small phone.</summary>
    public static readonly Device SmallPhone = new("phone-360x560", 360, 560) { Touch = true };

    public static readonly Device Phone = new("phone-390x844", 390, 844) { Touch = true };
    public static readonly Device WeChat = SmallPhone with { Name = "wechat", UserAgent = InWeChat };
    public static readonly Device Alipay = SmallPhone with { Name = "alipay", UserAgent = InAlipay };
    public static readonly Device WithoutScript = SmallPhone with { Name = "without-script", Script = false };

    public static readonly Device Desk = new("desk", 1280, 900);
    public static readonly Device Screen = new("screen-1920x1080", 1920, 1080);
    public static readonly Device LargeScreen = new("screen-3840x2160", 3840, 2160);
    public static readonly Device UprightScreen = new("screen-1080x1920", 1080, 1920);

    /// <summary>A4 at 96 dots an inch.</summary>
    public static readonly Device Paper = new("paper", 794, 1123);

    public bool Touch { get; init; }
    public bool Script { get; init; } = true;
    public bool ReducedMotion { get; init; }
    public string? UserAgent { get; init; }

    public BrowserNewContextOptions Options(Uri address) =>
        new()
        {
            BaseURL = address.ToString(),
            ViewportSize = new() { Width = Width, Height = Height },
            DeviceScaleFactor =
                Touch ? 3
                : this == Paper ? 2
                : 1,
            IsMobile = Touch,
            HasTouch = Touch,
            JavaScriptEnabled = Script,
            UserAgent = UserAgent,
            Locale = "zh-CN",
            ReducedMotion = ReducedMotion ? Microsoft.Playwright.ReducedMotion.Reduce : null,
        };
}
