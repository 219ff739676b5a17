// A mail server on loopback. The first line of standard input is its script. The server writes each event as one JSON
// line. The server ends when standard input ends, so that no test leaves it running.
import { createInterface } from 'node:readline';
import { SMTPServer } from 'smtp-server';

const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

// Takes the first reply from the list. The last reply stays in the list.
const next = (replies) => (replies.length > 1 ? replies.shift() : replies[0]);

function refusal(reply) {
  const error = new Error(reply.slice(4));
  error.responseCode = Number(reply.slice(0, 3));
  return error;
}

// The callbacks of mails whose answer is held until the test sends "answer". After that no mail is held.
let held = [];

function start(script) {
  const recipients = script.recipients ?? {};
  const contents = script.contents ?? {};
  const connectionOf = (session) => [...server.connections].find((connection) => connection.session === session);
  const quiet = () => {};

  const server = new SMTPServer({
    key: script.key,
    cert: script.certificate,
    secure: script.tls,
    hideSTARTTLS: !script.startTls,
    authOptional: !script.user,
    allowInsecureAuth: script.allowInsecureAuth,
    closeTimeout: 1,
    logger: {
      info: quiet, warn: quiet, error: quiet, trace: quiet, fatal: quiet, level: quiet,
      debug(entry, label, line) {
        if (entry.tnx !== 'command') return;
        const connection = [...server.connections].find((c) => c.id === entry.cid);
        tell({ event: 'command', secure: Boolean(connection?.secure), line: line.split(' ')[0] });
      },
    },
    onAuth(auth, session, done) {
      const welcome = auth.username === script.user && auth.password === script.password;
      tell({ event: 'login', secure: session.secure, welcome });
      if (welcome) return done(null, { user: auth.username });
      return done(refusal(script.badLogin ?? '535 5.7.8 wrong user or password'));
    },
    onMailFrom(address, session, done) {
      return done(script.sender ? refusal(script.sender) : null);
    },
    onRcptTo(address, session, done) {
      const reply = recipients[address.address] ? next(recipients[address.address]) : '250';
      tell({ event: 'recipient', address: address.address, reply });
      if (reply === 'cut') return connectionOf(session)._socket.destroy();
      return done(reply.startsWith('2') ? null : refusal(reply));
    },
    onData(stream, session, done) {
      const to = session.envelope.rcptTo.map((recipient) => recipient.address);
      const answer = contents[to[0]] ? next(contents[to[0]]) : '250';
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const mail = Buffer.concat(chunks).toString('latin1');
        tell({ event: 'mail', secure: session.secure, from: session.envelope.mailFrom.address, to, answer, mail });
        if (answer === 'cut') return connectionOf(session)._socket.destroy();
        if (answer === 'hold') return held ? held.push(done) : done(null, 'taken');
        return done(answer.startsWith('2') ? null : refusal(answer), 'taken');
      });
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1', () => tell({ event: 'listening', port: server.server.address().port }));
}

const input = createInterface({ input: process.stdin });
input.once('line', (line) => {
  start(JSON.parse(line));
  input.on('line', (asked) => {
    if (asked === 'answer') {
      held?.forEach((done) => done(null, 'taken'));
      held = undefined;
    }
    // A test that reads this event has read all earlier events.
    tell({ event: 'asked' });
  });
});
input.once('close', () => process.exit(0));
