using System.Globalization;
using Microsoft.Playwright;
using SkiaSharp;

namespace ServiceEval.Browser.Tests.Reports;

/// <summary>A part of a picture, with its fill or its text.</summary>
public sealed class Box
{
    public string Fill { get; set; } = "";
    public double X { get; set; }
    public double Y { get; set; }
    public double Width { get; set; }
    public double Height { get; set; }
}

/// <summary>A picture of a part of the page, as pixels.</summary>
public sealed class GreyPicture : IDisposable
{
    private readonly SKBitmap _bitmap;
    private readonly byte[,] _grey;

    private GreyPicture(byte[] png)
    {
        _bitmap = SKBitmap.Decode(png);
        _grey = new byte[_bitmap.Width, _bitmap.Height];
        IsGrey = true;
        var pixels = _bitmap.Pixels;
        for (var i = 0; i < pixels.Length; i++)
        {
            var (red, green, blue) = (pixels[i].Red, pixels[i].Green, pixels[i].Blue);
            // Rounding can make the colour parts of a grey differ by one.
            if (Math.Max(red, Math.Max(green, blue)) - Math.Min(red, Math.Min(green, blue)) > 2)
                IsGrey = false;
            _grey[i % _bitmap.Width, i / _bitmap.Width] = green;
        }
    }

    public bool IsGrey { get; }

    public static async Task<GreyPicture> OfAsync(ILocator part, string name) =>
        new(
            await part.ScreenshotAsync(
                new() { Path = Pictures.PathOf(name), Animations = ScreenshotAnimations.Disabled }
            )
        );

    /// <summary>Returns the texture of a part without its outline.</summary>
    public Texture Texture(Box box)
    {
        const int Outline = 4;
        var (left, top, right, bottom) = Inside(box, Outline);
        double n = 0,
            sum = 0,
            squares = 0,
            upright = 0,
            level = 0,
            across = 0;
        for (var x = left; x < right; x++)
        {
            for (var y = top; y < bottom; y++)
            {
                double value = _grey[x, y] / 255.0,
                    dx = (_grey[x + 1, y] - _grey[x - 1, y]) / 255.0,
                    dy = (_grey[x, y + 1] - _grey[x, y - 1]) / 255.0;
                n++;
                sum += value;
                squares += value * value;
                upright += dx * dx;
                level += dy * dy;
                across += dx * dy;
            }
        }
        Assert.True(n >= 100, $"{box} is too small to have a look at.");
        var mean = sum / n;
        return new(
            mean,
            Math.Sqrt(Math.Max(0, squares / n - mean * mean)),
            upright + level < 1e-6 ? 0 : 2 * across / (upright + level)
        );
    }

    /// <summary>Returns the contrast of the darkest to the lightest pixel by the formula of WCAG 2.</summary>
    public double Contrast(Box box)
    {
        var (left, top, right, bottom) = Inside(box, 0);
        var (darkest, lightest) = (byte.MaxValue, byte.MinValue);
        for (var x = left; x < right; x++)
        {
            for (var y = top; y < bottom; y++)
                (darkest, lightest) = (Math.Min(darkest, _grey[x, y]), Math.Max(lightest, _grey[x, y]));
        }
        return (Luminance(lightest) + 0.05) / (Luminance(darkest) + 0.05);
    }

    public void Dispose() => _bitmap.Dispose();

    private (int Left, int Top, int Right, int Bottom) Inside(Box box, int margin) =>
        (
            Math.Max(0, (int)Math.Ceiling(box.X) + margin),
            Math.Max(0, (int)Math.Ceiling(box.Y) + margin),
            Math.Min(_bitmap.Width - 1, (int)(box.X + box.Width) - margin),
            Math.Min(_bitmap.Height - 1, (int)(box.Y + box.Height) - margin)
        );

    private static double Luminance(byte grey)
    {
        var value = grey / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }
}

/// <summary>The properties that distinguish fills without colour.</summary>
/// <param name="Mean">0 for black, 1 for white.</param>
/// <param name="Spread">The standard deviation. A plain fill has 0.</param>
/// <param name="Slant">The direction of the edges: −1 or 1 for hatching along one diagonal or the other, 0 for neither
/// or both.</param>
public sealed record Texture(double Mean, double Spread, double Slant)
{
    private const double ClearlyLighter = 0.15;
    private const double ClearlyRougher = 0.1;
    private const double ClearlySlanted = 0.6;

    public bool IsToldApartFrom(Texture other) =>
        Math.Abs(Mean - other.Mean) >= ClearlyLighter
        || Math.Abs(Spread - other.Spread) >= ClearlyRougher
        || Math.Abs(Slant - other.Slant) >= ClearlySlanted;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"grey {Mean:0.00} ±{Spread:0.00} slanted {Slant:0.00}");
}
