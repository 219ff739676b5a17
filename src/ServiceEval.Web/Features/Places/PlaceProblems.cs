using ServiceEval.Web.Http;

namespace ServiceEval.Web.Features.Places;

/// <summary>The problems of an address that names a hall or a window.</summary>
internal static class PlaceProblems
{
    public static readonly Problem WindowUnknown = new(
        404,
        "window-unknown",
        "没有找到这个评价码对应的窗口，请核对后重新扫码。",
        "No window has this code; please check it and scan again."
    );

    public static readonly Problem WindowRetired = new(
        410,
        "window-retired",
        "此评价码已停用，请扫窗口上的新码，或到导办台反映。",
        "This code is out of use; please scan the new one at the window, or ask at the guide desk."
    );

    public static readonly Problem HallUnknown = new(
        404,
        "hall-unknown",
        "没有这个大厅，请核对地址。",
        "There is no such hall; please check the address."
    );

    public static readonly Problem RegionUnknown = HallUnknown with
    {
        Detail = "没有这个区划，请核对地址。",
        English = "There is no such region; please check the address.",
    };
}
