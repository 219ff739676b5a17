using System.Text;
using System.Text.Json;
using ServiceEval.Core.Ratings;
using ServiceEval.Web.Features.Ratings;
using static ServiceEval.Tests.Ratings.CitizenSteps;

namespace ServiceEval.Tests.Ratings;

/// <summary>An eavesdropper sees the number of encrypted bytes. This number must not reveal the grade.</summary>
public sealed class EqualLengthTests
{
    // From this block on, the number of a block has two digits for the whole test.
    private const int BlocksBefore = 10;

    public static TheoryData<string> Views => ["", "?lang=en", "?view=elder", "?lang=en&view=elder"];

    [Theory]
    [MemberData(nameof(Views))]
    public async Task The_five_faces_post_the_same_number_of_bytes_and_each_its_own_grade(string view)
    {
        await using var host = await TestHost.StartAsync();
        var code = (await host.WindowCodesAsync())[0];
        var lengths = new HashSet<int>();
        foreach (var (grade, i) in Grades.All.Select((g, i) => (g, i)))
        {
            using var phone = new Phone(host);
            using var opened = await phone.SendAsync(HttpMethod.Get, $"/w/{code}{view}");
            var post = Wire.PostsOf(
                (await TextAsync(opened)).Replace("&amp;", "&", StringComparison.Ordinal),
                $"/w/{code}{view}"
            )[i];
            lengths.Add(post.Length);
            Assert.Equal(303, Wire.StatusOf(await Wire.AnswerAsync(host, "POST", $"/w/{code}", post)));
            Assert.Equal(
                (long)grade,
                (await host.QueryAsync("SELECT Grade FROM Ratings ORDER BY Block DESC LIMIT 1"))[0][0]
            );
        }
        Assert.Single(lengths);
    }

    [Theory]
    [MemberData(nameof(Views))]
    public async Task The_five_faces_of_a_correction_post_the_same_number_of_bytes(string view)
    {
        await using var host = await TestHost.StartAsync();
        var receipt = (await host.RateAsync()).Receipt;
        var page = (await PageAsync(host, $"/r/{receipt}{view}")).Replace("&amp;", "&", StringComparison.Ordinal);

        var posts = Wire.PostsOf(page, $"/r/{receipt}/correction{view}");

        Assert.Equal(5, posts.Count);
        Assert.Single(posts.Select(p => p.Length).Distinct());
    }

    [Theory]
    [MemberData(nameof(Views))]
    public async Task Every_answer_of_a_page_has_the_same_length_for_each_grade(string view)
    {
        await using var host = await TestHost.StartAsync();
        for (var i = 0; i < BlocksBefore; i++)
            await host.RateAsync();
        var ways = new List<string>();
        foreach (var grade in Grades.All)
            ways.Add(await WayAsync(host, grade, view));

        Assert.All(ways, way => Assert.Equal(ways[0], way));
    }

    [Fact]
    public async Task Answers_to_programs_have_the_same_length_for_each_grade_and_contain_the_grade()
    {
        await using var host = await TestHost.StartAsync();
        for (var i = 0; i < BlocksBefore; i++)
            await host.RateAsync();
        var lengths = new List<string>();
        foreach (var grade in Grades.All)
        {
            var body = JsonSerializer.Serialize(
                new { ticket = (await host.TicketAsync()).Ticket, grade = Words.Wire(grade) }
            );
            var given = await Wire.AnswerAsync(host, "POST", "/api/v1/ratings", body, "application/json");
            var again = await Wire.AnswerAsync(host, "POST", "/api/v1/ratings", body, "application/json");
            var answer = JsonDocument.Parse(Body(again)).RootElement;
            Assert.Equal(Words.Wire(grade), answer.GetProperty("grade").GetString());
            var receipt = await Wire.AnswerAsync(
                host,
                "GET",
                $"/api/v1/receipts/{answer.GetProperty("receipt").GetString()}"
            );
            Assert.Equal(
                Words.Wire(grade),
                JsonDocument.Parse(Body(receipt)).RootElement.GetProperty("grade").GetString()
            );
            lengths.Add($"{given.Length} {again.Length} {receipt.Length}");
        }
        Assert.Single(lengths.Distinct());
    }

    /// <summary>Returns the status and length of every answer to a citizen of this grade.</summary>
    private static async Task<string> WayAsync(TestHost host, Grade grade, string view)
    {
        var code = (await host.WindowCodesAsync())[0];
        var steps = new List<string>();
        var ticket = (await host.TicketAsync(code)).Ticket;
        var given = await StepAsync("POST", $"/w/{code}{view}", $"ticket={ticket}&grade={Words.OfButton(grade)}");
        var thanks = Wire.HeaderOf(given, "Location");
        var path = thanks.Split('?')[0];
        var cookie = Wire.HeaderOf(given, "Set-Cookie").Split(';')[0];
        await StepAsync("GET", thanks);
        var asked = Encoding.UTF8.GetString(await StepAsync("GET", $"/w/{code}{view}", cookie: cookie));
        Assert.Contains(
            view.Contains("lang=en", StringComparison.Ordinal) ? "just rated" : "您刚评过",
            asked,
            StringComparison.Ordinal
        );
        await StepAsync("POST", path + view, "comment=" + new string('x', 501));
        await StepAsync("POST", path + view, "search=1&q=退休");
        var tag = (string)
            (
                await host.QueryAsync(
                    $"SELECT Code FROM Tags WHERE Grade = {(int)grade} AND NOT Retired ORDER BY Code LIMIT 1"
                )
            )[0][0]!;
        await StepAsync("POST", path + view, $"tags={tag}");
        await StepAsync("GET", thanks);
        await StepAsync("POST", path + view, "comment=x");
        var other = grade == Grade.Satisfied ? Grade.Dissatisfied : Grade.Satisfied;
        await StepAsync("POST", $"{path}/correction{view}", $"grade={Words.OfButton(other)}");
        await StepAsync("GET", thanks);
        await StepAsync("POST", $"{path}/correction{view}", $"grade={Words.OfButton(grade)}");
        return string.Join('\n', steps);

        async Task<byte[]> StepAsync(string method, string at, string body = "", string? cookie = null)
        {
            var answer = await Wire.AnswerAsync(host, method, at, body, cookie: cookie);
            steps.Add($"{steps.Count}. {method}: {Wire.StatusOf(answer)} {answer.Length}");
            return answer;
        }
    }

    private static string Body(byte[] answer)
    {
        var text = Encoding.UTF8.GetString(answer);
        var body = text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return body[body.IndexOf('{', StringComparison.Ordinal)..(body.LastIndexOf('}') + 1)];
    }
}
