using System.Text;
using System.Text.RegularExpressions;
using ServiceEval.Core;

namespace ServiceEval.Setup;

/// <summary>
/// Reads and writes systemd's EnvironmentFile=. It is parsed character by character as systemd does, so that a repeated
/// installation and <c>service run</c> see the same settings as the service. It is written in one form, with every
/// value in double quotes.
/// </summary>
internal static partial class EnvironmentFile
{
    private const string Blanks = " \t\n\r",
        LineEnds = "\n\r";

    private enum State
    {
        BeforeName,
        Name,
        BeforeValue,
        Value,
        ValueEscape,
        SingleQuoted,
        DoubleQuoted,
        DoubleQuotedEscape,
        Comment,
        CommentEscape,
    }

    /// <exception cref="OperatorException">The file is ambiguous: versions of systemd read it differently.</exception>
    public static Dictionary<string, string> ReadFile(string path) => Read(File.ReadAllText(path), path);

    /// <summary>Reads the settings. Comments are dropped, but settings that an administrator added are kept.</summary>
    /// <param name="path">The path of the file, for error messages.</param>
    /// <exception cref="OperatorException">The text is ambiguous: versions of systemd read it differently.</exception>
    public static Dictionary<string, string> Read(string text, string path)
    {
        var reading = new Reading(path);
        foreach (var c in text)
            reading.Take(c);
        reading.End();
        return reading.Settings;
    }

    public static string Write(IReadOnlyDictionary<string, string> settings)
    {
        var text = new StringBuilder(
            "# 服务启动时的设置，改后运行 systemctl restart serviceeval 生效。口令不宜写在这里，见 deploy/README.md。\n"
        );
        foreach (var (name, value) in settings.OrderBy(s => s.Key, StringComparer.Ordinal))
            text.Append(name)
                .Append("=\"")
                .Append(
                    value
                        .Replace("\\", "\\\\", StringComparison.Ordinal)
                        .Replace("\"", "\\\"", StringComparison.Ordinal)
                )
                .Append("\"\n");
        return text.ToString();
    }

    /// <summary>Matches the name of a variable. systemd ignores other names.</summary>
    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Variable();

    /// <summary>The parser. It follows the rules and states of systemd's src/basic/env-file.c.</summary>
    private sealed class Reading(string path)
    {
        private readonly StringBuilder _name = new(),
            _value = new();
        private State _state = State.BeforeName;
        private int _kept,
            _line = 1;

        public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

        public void Take(char c)
        {
            var (isBlank, endsLine) = (
                Blanks.Contains(c, StringComparison.Ordinal),
                LineEnds.Contains(c, StringComparison.Ordinal)
            );
            _state = _state switch
            {
                State.BeforeName => c is '#' or ';' ? State.Comment
                : isBlank ? State.BeforeName
                : Append(_name, c, State.Name),
                State.Name => endsLine ? Drop()
                : c == '=' ? State.BeforeValue
                : Append(_name, c, State.Name),
                State.BeforeValue or State.Value when endsLine => Finish(),
                State.BeforeValue => c switch
                {
                    '\'' => State.SingleQuoted,
                    '"' => State.DoubleQuoted,
                    '\\' => State.ValueEscape,
                    _ => isBlank ? State.BeforeValue : Keep(c),
                },
                State.Value => c == '\\' ? Quoted(State.ValueEscape)
                : isBlank ? Append(_value, c, State.Value)
                : Keep(c),
                // A backslash at the end of the line continues the value on the next line.
                State.ValueEscape => endsLine ? State.Value : Keep(c),
                State.SingleQuoted => c == '\'' ? Quoted() : Append(_value, c, State.SingleQuoted),
                State.DoubleQuoted => c switch
                {
                    '"' => Quoted(),
                    '\\' => State.DoubleQuotedEscape,
                    _ => Append(_value, c, State.DoubleQuoted),
                },
                State.DoubleQuotedEscape => Escaped(c),
                State.Comment => c == '\\' ? State.CommentEscape
                : endsLine ? State.BeforeName
                : State.Comment,
                _ => c == '\n' ? throw Ambiguous() : State.Comment,
            };
            if (c == '\n')
                _line++;
        }

        public void End()
        {
            if (_state is not (State.BeforeName or State.Name or State.Comment or State.CommentEscape))
                Finish();
        }

        /// <summary>
        /// Before systemd 254, a comment with a backslash at its end continued on the next line, so a setting there was
        /// ignored.
        /// </summary>
        private OperatorException Ambiguous() =>
            new(
                $"{path} 第 {_line} 行的注释以反斜杠结尾，254 之前和之后的 systemd 对下一行的读法不同，请删去这个反斜杠。"
            );

        private static State Append(StringBuilder to, char c, State next)
        {
            to.Append(c);
            return next;
        }

        /// <summary>
        /// Appends a character of a value without quotes. Whitespace at the end of such a value is dropped.
        /// </summary>
        private State Keep(char c)
        {
            _value.Append(c);
            _kept = _value.Length;
            return State.Value;
        }

        /// <summary>
        /// Marks the end of quoted or escaped text. Whitespace before this point belongs to the value.
        /// </summary>
        private State Quoted(State next = State.BeforeValue)
        {
            _kept = _value.Length;
            return next;
        }

        /// <summary>
        /// Appends an escaped character within double quotes. Before any other character the backslash is kept.
        /// </summary>
        private State Escaped(char c)
        {
            if ("\"\\`$".Contains(c, StringComparison.Ordinal))
                _value.Append(c);
            else if (c != '\n')
                _value.Append('\\').Append(c);
            return State.DoubleQuoted;
        }

        private State Finish()
        {
            var isOpen = _state is State.SingleQuoted or State.DoubleQuoted or State.DoubleQuotedEscape;
            var (name, value) = (
                _name.ToString().TrimEnd(' ', '\t', '\n', '\r'),
                _value.ToString()[..(isOpen ? _value.Length : _kept)]
            );
            if (Variable().IsMatch(name) && value.All(c => c is (>= ' ' and not '\u007f') or '\t' or '\n'))
                Settings[name] = value;
            return Drop();
        }

        private State Drop()
        {
            _name.Clear();
            _value.Clear();
            _kept = 0;
            return State.BeforeName;
        }
    }
}
