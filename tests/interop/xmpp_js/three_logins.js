// Logs in three times with xmpp.js: with the password, with the token that came of that, and with
// the token again to resume the session. Prints what happened as lines of JSON.

import { client, xml } from "@xmpp/client";

const [service, domain, username, password] = process.argv.slice(2);
const userAgent = xml("user-agent", { id: "d4565fa7-4d72-4749-b3d3-740edbf87770" }, [
  xml("software", {}, "xmpp.js"),
]);
let token;

function tell(what) {
  console.log(JSON.stringify(what));
}

function made() {
  const xmpp = client({
    service,
    domain,
    resource: "xmpp-js",
    userAgent,
    credentials: async (authenticate, mechanisms, fast) => {
      tell({ mechanisms, fast: fast?.mechanism ?? null });
      const credentials = { username, password, token: await fast?.fetch() };
      await authenticate(credentials, mechanisms[0], userAgent);
    },
  });
  xmpp.fast.saveToken = async (found) => {
    token = found;
    tell({ token: found.mechanism });
  };
  xmpp.fast.fetchToken = async () => token;
  xmpp.fast.deleteToken = async () => {
    token = undefined;
    tell({ deleted: true });
  };
  xmpp.on("error", (error) => tell({ error: String(error) }));
  xmpp.on("element", (element) => {
    if (element.is("success")) {
      const names = element.getChildElements().map((child) => child.name);
      tell({ success: names });
    }
  });
  return xmpp;
}

async function online(xmpp) {
  const ready = new Promise((resolve) => xmpp.once("online", resolve));
  // start() begins to wait for the stream header after it has sent its own, and waits for nothing
  // when the answer was faster; "online" comes all the same.
  xmpp.start().catch(() => {});
  tell({ online: String(await ready) });
  await xmpp.iqCaller.get(xml("ping", "urn:xmpp:ping"), domain);
}

const first = made();
await online(first);
await first.stop();

const second = made();
second.reconnect.delay = 1;
await online(second);
const resumed = new Promise((resolve) => second.streamManagement.once("resumed", resolve));
second.socket.destroy?.() ?? second.socket.end();
await resumed;
tell({ resumed: String(second.jid) });
await second.iqCaller.get(xml("ping", "urn:xmpp:ping"), domain);
await second.stop();
