using ServiceEval.Data.Halls;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Halls;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Simulation;

/// <summary>
/// Who comes to which window and what they think of it: the one model of the live simulation and of the history.
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

    /// <exception cref="StartException">No window of these halls is in use.</exception>
    public Citizens(IEnumerable<HallEntry> halls, int seed)
    {
        Windows = [.. halls.SelectMany(h => h.Windows).Where(w => w.IsActive)];
        if (Windows.Count == 0)
            throw new StartException("没有启用的窗口，无法模拟评价。");
        _characters = Windows.ToDictionary(w => w.Id, w => WindowCharacter.Of(w, seed));
        _weights = [.. Windows.Select(w => (w, _characters[w.Id].Traffic))];
    }

    /// <summary>Those in use, in the order of halls and numbers.</summary>
    public IReadOnlyList<WindowEntry> Windows { get; }

    public WindowCharacter Character(WindowEntry window) => _characters[window.Id];

    /// <summary>The part of all citizens who come to this window.</summary>
    public double Share(WindowEntry window) => Character(window).Traffic / _weights.Sum(w => w.Weight);

    public WindowEntry PickWindow(Random random) => random.Pick(_weights);

    /// <summary>One of the window's commonest items, the first most often; null where it has none.</summary>
    public static ServiceItem? PickItem(WindowEntry window, Random random) =>
        window.CommonestItems.Count == 0
            ? null
            : random.Pick([.. window.CommonestItems.Select((item, rank) => (item, 1.0 / (rank + 1)))]);

    public static Channel PickChannel(WindowEntry window, Random random) =>
        random.Pick(window.Window.Kind == WindowKind.SelfService ? AtMachine : AtCounter);
}
