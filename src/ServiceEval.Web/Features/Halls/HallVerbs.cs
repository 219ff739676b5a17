using System.CommandLine;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ServiceEval.Data;
using ServiceEval.Data.Halls;
using ServiceEval.Web.Hosting;

namespace ServiceEval.Web.Features.Halls;

/// <summary><c>seed SET</c> and <c>windows</c>.</summary>
public static class HallVerbs
{
    public static Command Seed()
    {
        var set = new Argument<string>("SET") { Description = "A folder under seeds/, such as puyang or minimal" };
        var command = CommandLine.Verb("seed", "Bring a set's halls, items and tags into the database; idempotent, brings no ratings", async (services, parsed, ct) =>
        {
            await services.GetRequiredService<Seeding>().SeedAsync(parsed.GetRequiredValue(set), ct);
            var directory = services.GetRequiredService<HallDirectory>();
            await directory.RefreshAsync(ct);
            var now = directory.Current;
            await Console.Error.WriteLineAsync(
                $"{now.Title}：{now.Halls.Count} 个大厅，{now.Halls.Sum(h => h.Windows.Count)} 个窗口，{now.Departments.Count} 个部门，{now.Items.Count} 个事项。");
            return 0;
        });
        command.Arguments.Add(set);
        return command;
    }

    public static Command Windows()
    {
        var hall = new Option<string?>("--hall") { Description = "Only this hall's windows" };
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var command = CommandLine.Verb("windows", "List the windows with the addresses their QR codes carry", (services, parsed, _) =>
        {
            var directory = services.GetRequiredService<HallDirectory>().Current;
            if (parsed.GetValue(hall) is { } code && directory.Hall(code) is null) throw new StartException($"没有编码为“{code}”的大厅。");
            var address = services.GetRequiredService<PublicAddress>();
            var rows = directory.Halls.Where(h => parsed.GetValue(hall) is not { } only || h.Code == only).SelectMany(h => h.Windows)
                .Select(w => new WindowRow(w.Hall.Code, w.Number, w.Name, w.Window.Kind, w.Window.Code, w.Window.Status, address.OfWindow(w.Window.Code)));
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(rows, Json.Options));
            else foreach (var row in rows) Console.WriteLine($"{row.Hall}\t{row.Number}\t{row.Name}\t{row.Url}{(row.Status == WindowStatus.Retired ? "\t已停用" : "")}");
            return Task.FromResult(0);
        });
        command.Options.Add(hall);
        command.Options.Add(json);
        command.Subcommands.Add(Change("revoke", "Give a window a new code; its old QR is then answered \"revoked\"", (db, window, time) =>
        {
            db.Add(new RevokedCode { Code = window.Code, WindowId = window.Id, RevokedAt = time.GetUtcNow() });
            window.Code = WindowCode.Draw();
            return window.Code;
        }));
        command.Subcommands.Add(Change("retire", "Take a window out of service; tickets issued before are honoured", (_, window, _) =>
        {
            window.Status = WindowStatus.Retired;
            return window.Code;
        }));
        return command;
    }

    private static Command Change(string name, string description, Func<ServiceEvalDb, Window, TimeProvider, string> change)
    {
        var code = new Argument<string>("CODE") { Description = "The window's present code" };
        var command = CommandLine.Verb(name, description, async (services, parsed, ct) =>
        {
            var time = services.GetRequiredService<TimeProvider>();
            var result = await services.GetRequiredService<IWriteGate>().WriteAsync(async (db, token) =>
            {
                var given = parsed.GetRequiredValue(code);
                var window = await db.Windows.SingleOrDefaultAsync(w => w.Code == given, token) ?? throw new StartException($"没有编码为“{given}”的窗口。");
                var answer = change(db, window, time);
                (await db.Installation.SingleAsync(token)).DirectoryVersion++;
                await db.SaveChangesAsync(token);
                return answer;
            }, ct);
            Console.WriteLine(result);
            return 0;
        });
        command.Arguments.Add(code);
        return command;
    }

    private sealed record WindowRow(string Hall, string Number, string Name, WindowKind Kind, string Code, WindowStatus Status, string Url);
}
