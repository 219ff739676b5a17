namespace ServiceEval.Tests.Architecture;

/// <summary>
/// A room is a folder of <c>ServiceEval.Core</c> or <c>ServiceEval.Web</c>, a folder below <c>Features</c>, or a folder
/// of the reports. A room is named by its path, for example <c>Web/Features/Reports/Compiling</c>. Another project is
/// one room.
/// </summary>
internal static class Room
{
    private const string Product = "ServiceEval.";

    /// <summary>Returns the room of a namespace; null if the namespace is not part of the product.</summary>
    public static string? Of(string space) =>
        space.StartsWith(Product, StringComparison.Ordinal)
            ? space[Product.Length..].Split('.') switch
            {
                ["Web", "Features", "Reports", var room, ..] => $"Web/Features/Reports/{room}",
                ["Web", "Features", var room, ..] => $"Web/Features/{room}",
                [("Web" or "Core") and var project, var room, ..] => $"{project}/{room}",
                [var project, ..] => project,
                [] => null,
            }
            : null;

    public static string Project(string room) => room.Split('/')[0];
}
