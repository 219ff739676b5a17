using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ServiceEval.Core.Reports;

/// <summary>A compiled and frozen report of one week. A later version is a new row.</summary>
public sealed class Report
{
    /// <summary>The number of complete weeks whose reports the sweep keeps up to date.</summary>
    public const int SweptWeeks = 8;

    /// <summary>The last property of the JSON, up to the hash.</summary>
    public const string HashProperty = ",\"contentHash\":\"";

    /// <summary>The code of a region or of a hall. In a report of an earlier program, <c>county</c> is the root.</summary>
    public required string Scope { get; init; }

    /// <summary>The ISO 8601 week, such as <c>2026-W47</c>.</summary>
    public required string Week { get; init; }

    /// <summary>The number of the version, from 1.</summary>
    public int Version { get; init; }

    /// <summary>
    /// The hash over the rows of the week only, 32 bytes. It changes if and only if the figures of the week change.
    /// </summary>
    public required byte[] DataHash { get; init; }

    /// <summary>The SHA-256 of <see cref="Json"/> without the hash in the JSON itself, 32 bytes.</summary>
    public required byte[] ContentHash { get; init; }
    public long LedgerSequence { get; init; }
    public required byte[] LedgerHash { get; init; }
    public DateTimeOffset CompiledAt { get; init; }
    public required string Json { get; init; }

    public string Id => new ReportId(Scope, Week, Version).ToString();

    /// <summary>
    /// Returns whether this report is still as it was frozen: the hash of its JSON is the content hash, and the columns
    /// agree with the JSON. The JSON does not contain the data hash and time of compiling. The JSON is read by
    /// property names and not as a report, so that a report of an older program can be checked too.
    /// </summary>
    public bool IsAsFrozen()
    {
        var end = HashProperty.Length + 2 * SHA256.HashSizeInBytes + 2;
        if (Json.Length <= end)
            return false;
        var bare = $"{Json[..^end]}}}";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(bare));
        if (!hash.AsSpan().SequenceEqual(ContentHash))
            return false;
        if (!Json.EndsWith($"{HashProperty}{Convert.ToHexStringLower(hash)}\"}}", StringComparison.Ordinal))
            return false;
        try
        {
            using var json = JsonDocument.Parse(bare);
            var ledger = json.RootElement.GetProperty("ledger");
            return json.RootElement.GetProperty("scope").GetString() == Scope
                && json.RootElement.GetProperty("week").GetString() == Week
                && json.RootElement.GetProperty("version").GetInt32() == Version
                && ledger.GetProperty("sequence").GetInt64() == LedgerSequence
                && ledger.GetProperty("hash").GetString() == Convert.ToHexStringLower(LedgerHash);
        }
        catch (Exception e)
            when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}

internal sealed class ReportsConfiguration : IEntityTypeConfiguration<Report>
{
    public void Configure(EntityTypeBuilder<Report> report)
    {
        report.ToTable("Reports");
        report.HasKey(r => new
        {
            r.Scope,
            r.Week,
            r.Version,
        });
        report.Ignore(r => r.Id);
        // The sweep and the list of reports look for a week, over all scopes.
        report.HasIndex(r => r.Week);
        report.Property(r => r.Scope).HasMaxLength(40);
        report.Property(r => r.Week).HasMaxLength(8);
        report.Property(r => r.DataHash).HasMaxLength(32).IsFixedLength();
        report.Property(r => r.ContentHash).HasMaxLength(32).IsFixedLength();
        report.Property(r => r.LedgerHash).HasMaxLength(32).IsFixedLength();
    }
}
