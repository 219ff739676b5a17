namespace ServiceEval.Web.Hosting;

/// <summary>One sentence in both languages of the citizens' pages.</summary>
internal readonly record struct Bilingual(string Chinese, string English);
