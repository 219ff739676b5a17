using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ServiceEval.Web.Hosting.Nodes;

/// <summary>Checks whether Redis answers, if it is configured.</summary>
internal sealed class RedisCheck(IOptions<ServiceEvalOptions> options) : Check
{
    public override string Name => "redis";
    public override string Title => "Redis";

    public override async Task ExamineAsync(Findings findings, CancellationToken ct)
    {
        if (options.Value.Redis is not { Length: > 0 } text)
        {
            findings.Ok("没有设置，只有一个节点时不需要");
            return;
        }
        try
        {
            var asked = Backplane.Parse(text);
            asked.AbortOnConnectFail = true;
            await using var redis = await ConnectionMultiplexer.ConnectAsync(asked);
            findings.Ok($"有应答，{(await redis.GetDatabase().PingAsync()).TotalMilliseconds:0.0} 毫秒");
        }
        catch (Exception e) when (e is RedisException or RedisTimeoutException)
        {
            // The driver's message contains the server name but no password. It is several lines long, so only the
            // exception type is shown.
            findings.Fault(
                $"没有应答（{e.GetType().Name}）",
                "评价照常保存，但大厅屏幕不会立即更新；请检查 Redis 服务、网络和 ServiceEval__Redis。"
            );
        }
    }
}
