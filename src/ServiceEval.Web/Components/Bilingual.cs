namespace ServiceEval.Web.Components;

/// <summary>A sentence in the two languages of the citizens' pages.</summary>
internal readonly record struct Bilingual(string Chinese, string English);
