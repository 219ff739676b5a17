using Microsoft.Playwright;
using ServiceEval.Core.Ratings;
using ServiceEval.Tests.Reports;
using ServiceEval.Web.Features.Reports;
using ServiceEval.Web.Features.Reports.Contents;

namespace ServiceEval.Browser.Tests.Reports;

/// <summary>People copy reports in black and white, so these tests check the pixels of the page in grey.</summary>
public sealed class GreyscaleTests(Chromium chromium)
{
    private const double Legible = 4.5;

    /// <summary>The chart with five equal parts, so that each part is wide enough to show its pattern.</summary>
    private static readonly WeeklyReport Even = SampleReport.County with
    {
        Grades = Grades.All.ToDictionary(Words.Wire, _ => (int?)477),
    };

    [Fact]
    public async Task Five_grades_are_told_apart_without_colour()
    {
        await using var host = await TestHost.StartAsync();
        var page = await InGreyAsync(host, Even);
        var chart = page.Locator("figure svg[aria-label^=评价等级构成]");

        using var picture = await GreyPicture.OfAsync(chart, "report-grey-grades");
        var parts = await PartsAsync(chart);

        Assert.Equal(2 * Grades.All.Count, parts.Length);
        Assert.True(picture.IsGrey, "The picture has colour, so it does not show what a black and white copy does.");
        // Compare the parts of the bar and the patches beside the words.
        foreach (
            var row in parts
                .GroupBy(p => Math.Round(p.Y))
                .Select(r => r.OrderBy(p => p.X).Select(picture.Texture).ToList())
        )
        {
            Assert.Equal(Grades.All.Count, row.Count);
            for (var i = 0; i < row.Count; i++)
            {
                for (var j = i + 1; j < row.Count; j++)
                    Assert.True(
                        row[i].IsToldApartFrom(row[j]),
                        $"{Words.Of(Grades.All[i])} looks as {Words.Of(Grades.All[j])} does: {row[i]}, {row[j]}"
                    );
            }
        }
    }

    [Fact]
    public async Task A_patch_beside_a_word_looks_as_its_part_of_the_bar_does()
    {
        await using var host = await TestHost.StartAsync();
        var chart = (await InGreyAsync(host, Even)).Locator("figure svg[aria-label^=评价等级构成]");
        using var picture = await GreyPicture.OfAsync(chart, "report-grey-grades");

        var rows = (await PartsAsync(chart))
            .GroupBy(p => Math.Round(p.Y))
            .OrderBy(r => r.Key)
            .Select(r => r.OrderBy(p => p.X).Select(picture.Texture).ToList())
            .ToList();

        Assert.Equal(2, rows.Count);
        Assert.All(
            rows[0].Zip(rows[1]),
            pair => Assert.False(pair.First.IsToldApartFrom(pair.Second), $"{pair.First}, {pair.Second}")
        );
    }

    [Fact]
    public async Task Bars_of_contributions_are_told_apart_without_colour()
    {
        await using var host = await TestHost.StartAsync();
        var chart = (await InGreyAsync(host, Even)).Locator("figure svg[aria-label^=对好评率变化的贡献]").First;
        using var picture = await GreyPicture.OfAsync(chart, "report-grey-contributions");

        var widest = (await PartsAsync(chart))
            .GroupBy(p => p.Fill)
            .ToDictionary(g => g.Key, g => picture.Texture(g.MaxBy(p => p.Width)!));

        Assert.Equal(["mix", "rate"], widest.Keys.Order());
        Assert.True(widest["mix"].IsToldApartFrom(widest["rate"]), $"{widest["mix"]}, {widest["rate"]}");
    }

    [Fact]
    public async Task Every_text_is_legible_in_grey()
    {
        await using var host = await TestHost.StartAsync();
        var page = await InGreyAsync(host, SampleReport.SecondVersion);
        var faint = new List<string>();
        var texts = 0;
        foreach (var (index, part) in (await page.Locator(".front, section, footer").AllAsync()).Index())
        {
            using var picture = await GreyPicture.OfAsync(part, $"report-grey-{index:00}");
            foreach (var text in await TextsAsync(part))
            {
                texts++;
                var contrast = picture.Contrast(text);
                if (contrast < Legible)
                    faint.Add($"“{text.Fill}” {contrast:0.0}");
            }
        }

        Assert.True(texts > 1000, $"Only {texts} texts were found.");
        Assert.Empty(faint);
    }

    private async Task<IPage> InGreyAsync(TestHost host, WeeklyReport report)
    {
        // Use twice the pixels, because a printer has more of them.
        var page = await chromium.OpenAsync(host, Device.Paper);
        await page.GotoAsync(await Shelf.PutAsync(host, report));
        // The Content Security Policy of the page allows no foreign styles. It allows a style that a script sets.
        await page.EvaluateAsync(
            "() => { document.documentElement.style.filter = 'grayscale(1)'; return document.fonts.ready; }"
        );
        return page;
    }

    /// <summary>Returns the parts with a pattern in the order of the drawing, in pixels of the picture.</summary>
    private static Task<Box[]> PartsAsync(ILocator chart) =>
        chart.EvaluateAsync<Box[]>(
            """
            svg => {
              const whole = svg.getBoundingClientRect();
              return [...svg.querySelectorAll('[fill^="url(#"]')].map(part => {
                const box = part.getBoundingClientRect();
                const [x, y, width, height] = [box.x - whole.x, box.y - whole.y, box.width, box.height].map(length => length * devicePixelRatio);
                return { fill: part.getAttribute('fill').match(/-(\w+)\)$/)[1], x, y, width, height };
              });
            }
            """
        );

    /// <summary>Returns the box of each line of text.</summary>
    private static Task<Box[]> TextsAsync(ILocator part) =>
        part.EvaluateAsync<Box[]>(
            """
            part => {
              const whole = part.getBoundingClientRect();
              const lines = [];
              const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
              for (let node; node = walker.nextNode();) {
                if (!/[\p{L}\p{N}]/u.test(node.data) || !node.parentElement.checkVisibility({ visibilityProperty: true })) continue;
                const range = document.createRange();
                range.selectNodeContents(node);
                // Each letter of a drawing has its own box.
                const rows = Map.groupBy([...range.getClientRects()].filter(box => box.width > 1), box => Math.round(box.bottom / 4));
                for (const boxes of rows.values()) {
                  const [left, top] = ['left', 'top'].map(edge => Math.min(...boxes.map(box => box[edge])));
                  const [right, bottom] = ['right', 'bottom'].map(edge => Math.max(...boxes.map(box => box[edge])));
                  const [x, y, width, height] = [left - whole.x, top - whole.y, right - left, bottom - top].map(length => length * devicePixelRatio);
                  lines.push({ fill: node.data.trim(), x, y, width, height });
                }
              }
              return lines;
            }
            """
        );
}
