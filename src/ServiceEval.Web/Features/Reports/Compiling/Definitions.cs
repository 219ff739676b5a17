using System.Globalization;
using ServiceEval.Data.Ratings;
using ServiceEval.Web.Features.Ratings;

namespace ServiceEval.Web.Features.Reports.Compiling;

/// <summary>指标定义. A text that changes in meaning gets the next version; reports keep the ones they were compiled with.</summary>
internal static class Definitions
{
    public static IReadOnlyList<ReportDefinition> Of(ReportOptions options, int cohort)
    {
        var (n, k) = (Math.Max(options.MinimumN, cohort), cohort);
        var weights = string.Join('、', Grades.All.Select(g => string.Create(CultureInfo.InvariantCulture, $"{Words.Of(g)}{options.Weights[g]:0.##}分")));
        return
        [
            new("valid", "有效评价", 1, "已计入的评价，不含默认评价、待核实和不予采纳的评价。更正过的评价按更正后的等级计。"),
            new("good-rate", "好评率", 1, $"非常满意、满意、基本满意三项之和除以有效评价；不满意和非常不满意为差评。有效评价少于{n}条的，不计算好评率。"),
            new("interval", "95%置信区间", 1, "按威尔逊（Wilson，1927）方法计算。好评率来自这些评价，区间表示偶然因素可能造成的出入：评价越少，区间越宽。"),
            new("mean", "平均分", 1, $"各等级得分的平均：{weights}。区间在最高分和最低分处各加1.92条虚拟评价后计算（Agresti和Coull，1998），全部同级时也不会缩成一点。"),
            new("active", "主动评价", 1, "群众本人凭办件、现场动态码、张贴码或公开渠道作出的评价。代录和导入的不算主动评价。主动好评率只按主动评价计算。"),
            new("tier", "评价来源", 1, "评价的可信程度：凭办件、现场动态码、张贴码、公开、代录、导入。张贴码不能证明确实办过事；导入的评价计入总数，单独列出。"),
            new("department", "所属部门", 1, "评价选了事项的，归事项所属部门；没选事项的，归窗口所属部门；综合窗口上没选事项的，列为“未归部门”。"),
            new("item", "分事项", 1, "按群众评价后选择的事项统计；没有选择的列为“未关联事项”。"),
            new("band", "窗口分档", 1, $"只对有效评价不少于{n}条的窗口分档。同一档内各窗口好评率的差别总起来看没有超出偶然波动（卡方检验，按矩修正，Haldane，1940；5%水平），档数取最少。这是整体检验：同一档内的个别窗口之间仍可能有差别，相邻两档中的个别窗口之间也不一定有差别，因此不排名次。"),
            new("low-window", "明显偏低的窗口", 1, $"有效评价不少于{n}条、好评率低于其余窗口合计的窗口；按两比例检验，在5%错误发现率（Benjamini和Hochberg，1995）下成立才列出。"),
            new("comparison", "与前期比较", 1, $"好评率之差及其95%置信区间（Newcombe，1998，方法10）。用两比例检验，p小于0.05且两期预期差评都不少于1条的，称为超出偶然波动。前四周只取没有放假和调休的平常周；任何一期有效评价少于{n}条的不比较。"),
            new("mix-rate", "构成与好评率变化", 1, "好评率的变化由两部分相加而成（Kitagawa，1955）：构成变化，即各窗口（事项）评价数量占比变了；好评率变化，即各窗口（事项）自身好评率变了。"),
            new("tag-share", "标签占比", 1, $"选了该标签的评价占有效评价的比例。与前期相比，在5%错误发现率（Benjamini和Hochberg，1995）下有变化的，标为“明显增多”或“明显减少”。少于{k}条的不公布。"),
            new("four-weeks", "四周合计", 1, $"一周有效评价少于{n}条时，改看最近四周合计；四周中每周须没有评价或不少于{k}条，合计仍少于{n}条的不计算。"),
            new("late", "迟到评价", 1, "本周的评价在第1版编制之后才收到的。首次编制之前导入的历史评价不算迟到。"),
            new("repeat", "疑似重复", 1, "同一部手机在同一窗口、同一天，距前一次评价30分钟以内的再次评价。好评差评按同一规则列出，照常计入；同时给出不含这些评价的好评率。没有保留随机标记的手机无法识别。"),
            new("correction", "更正", 1, "评价后两分钟内“按错了？重新选”一次的，按更正后的等级计，更正前后都留在账本中。"),
            new("quote", "群众留言", 1, $"差评中的意见，最多20条，隐去窗口、时间、姓名和号码，排列不分先后。差评少于{k}条的不摘录；已删除的注明“已删除”。"),
            new("small", "不公布", 1, $"少于{k}条的，不公布等级和好评数，避免看出是谁评的；为防止用总数推算，有时连带不公布条数次少的一行，那一行的条数可能很多。表中记“–”，不表示零。"),
            new("silent", "没有数据的窗口和日子", 1, "在用窗口中，本周没有一条有效评价的；评价较多的周里，没有收到一条评价的工作日。没有评价不等于满意。"),
            new("calendar", "工作日", 1, "按国务院办公厅的节假日安排；含放假或调休上班的周，与平常周不作比较。未录入当年安排的，不推算。"),
            new("coverage", "统计范围", 1, "只含本系统收到和导入的评价，不含在省级平台上直接作出的评价。"),
        ];
    }
}
