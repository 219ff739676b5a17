using ServiceEval.Core;
using ServiceEval.Core.Places;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Places;

namespace ServiceEval.Simulator;

/// <summary>
/// The model of which citizen comes to which window and which grade the citizen gives. The live simulation and the
/// history share it.
/// </summary>
internal sealed class Citizens
{
    private static readonly (Channel, double)[] AtCounter =
    [
        (Channel.Qr, 0.46),
        (Channel.Tablet, 0.38),
        (Channel.Mobile, 0.05),
        (Channel.Terminal, 0.04),
        (Channel.Paper, 0.02),
        (Channel.Sms, 0.02),
        (Channel.Phone, 0.02),
        (Channel.Pc, 0.01),
    ];

    private static readonly (Channel, double)[] AtMachine = [(Channel.Terminal, 0.7), (Channel.Qr, 0.3)];

    private readonly List<(WindowEntry Window, double Weight)> _weights;
    private readonly Dictionary<int, WindowCharacter> _characters;

    /// <exception cref="OperatorException">No window of these halls is in use.</exception>
    public Citizens(IEnumerable<HallEntry> halls, int seed)
    {
        Windows = [.. halls.SelectMany(h => h.Windows).Where(w => w.IsActive)];
        if (Windows.Count == 0)
            throw new OperatorException("没有启用的窗口，无法模拟评价。");
        _characters = Windows.ToDictionary(w => w.Id, w => WindowCharacter.Of(w, seed));
        _weights = [.. Windows.Select(w => (w, _characters[w.Id].Traffic))];
    }

    /// <summary>The windows in use, ordered by hall and number.</summary>
    public IReadOnlyList<WindowEntry> Windows { get; }

    public WindowCharacter Character(WindowEntry window) => _characters[window.Id];

    /// <summary>Returns this window's share of all citizens, from 0 to 1.</summary>
    public double Share(WindowEntry window) => Character(window).Traffic / _weights.Sum(w => w.Weight);

    public WindowEntry PickWindow(Random random) => random.Pick(_weights);

    /// <summary>
    /// Picks one of the window's most common items. Earlier items are more likely. Returns null if the window has no
    /// items.
    /// </summary>
    public static ServiceItem? PickItem(WindowEntry window, Random random) =>
        window.CommonestItems.Count == 0
            ? null
            : random.Pick([.. window.CommonestItems.Select((item, rank) => (item, 1.0 / (rank + 1)))]);

    public static Channel PickChannel(WindowEntry window, Random random) =>
        random.Pick(window.Window.Kind == WindowKind.SelfService ? AtMachine : AtCounter);
}
