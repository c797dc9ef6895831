// A device with xmpp.js that does what it is told, in lines of JSON on its standard input: each has
// a number, what to do, and arguments. Each is answered by a line with the same number. Lines
// without a number say what happened meanwhile. It stays connected until its input ends.
//
// SASL2, Bind 2, tokens and resumption are the library's; the rest is here.

import { createInterface } from "node:readline";
import { client, xml } from "@xmpp/client";

const [service, domain, username, password] = process.argv.slice(2);

const NS = {
  carbons: "urn:xmpp:carbons:2",
  csi: "urn:xmpp:csi:0",
  forward: "urn:xmpp:forward:0",
  ids: "urn:xmpp:sid:0",
  mam: "urn:xmpp:mam:2",
  paging: "http://jabber.org/protocol/rsm",
  roster: "jabber:iq:roster",
};
const PAGE = 5;
const userAgent = xml("user-agent", { id: "1b3e7a9c-5d0f-4c62-8e11-90a4b7c6d2f3" }, [
  xml("software", {}, "xmpp.js"),
]);

const results = new Map(); // query id => the archived messages that came for it
const unsent = []; // what the server did not take before the session was lost

function tell(what) {
  process.stdout.write(JSON.stringify(what) + "\n");
}

const xmpp = client({ service, domain, resource: "phone", userAgent, username, password });
xmpp.reconnect.delay = 100;
xmpp.timeout = 20_000;

// Life of the connection

xmpp.on("error", (error) => tell({ event: "error", text: String(error) }));
xmpp.on("disconnect", () => tell({ event: "disconnect" }));
xmpp.streamManagement.on("resumed", () => tell({ event: "resumed" }));
xmpp.streamManagement.on("fail", (stanza) => {
  if (stanza.is("message")) unsent.push(stanza);
});
xmpp.on("element", (element) => {
  if (element.is("success")) tell({ event: "success", inline: names(element) });
});
xmpp.on("online", async (jid) => {
  await xmpp.iqCaller.set(xml("enable", NS.carbons));
  await xmpp.iqCaller.get(xml("query", NS.roster));
  await xmpp.send(xml("presence"));
  await xmpp.sendMany(unsent.splice(0));
  tell({ event: "online", jid: String(jid) });
});

function names(element) {
  return element.getChildElements().map((child) => child.name);
}

// What comes

function archived(message) {
  const result = message.getChild("result", NS.mam);
  const found = result?.getChild("forwarded", NS.forward)?.getChild("message");
  if (found) {
    results.get(result.attrs.queryid)?.push({ archive_id: result.attrs.id, ...facts(found) });
  }
  return Boolean(result);
}

function facts(message) {
  const { from, to, id } = message.attrs;
  return { from, to, author_id: id, body: message.getChildText("body") ?? "" };
}

function stanzaId(message) {
  const own = `${username}@${domain}`;
  const ids = message.getChildren("stanza-id", NS.ids);
  return ids.find((each) => each.attrs.by === own)?.attrs.id ?? null;
}

xmpp.on("stanza", (stanza) => {
  if (stanza.is("presence")) tell({ event: "presence", from: stanza.attrs.from, show: stanza.getChildText("show") });
  if (!stanza.is("message") || archived(stanza)) return;
  const carbon = ["received", "sent"].find((name) => stanza.getChild(name, NS.carbons));
  const message = carbon
    ? stanza.getChild(carbon, NS.carbons).getChild("forwarded", NS.forward).getChild("message")
    : stanza;
  tell({ event: "message", archive_id: stanzaId(message), ...facts(message), xml: `${stanza}` });
});

xmpp.iqCallee.set(NS.roster, "query", ({ element }) => {
  tell({ event: "roster", items: element.getChildren("item").map((item) => item.attrs) });
  return true;
});

// What it is told to do

async function page(query, paging) {
  results.set(query, []);
  const set = xml("set", NS.paging, [xml("max", {}, `${PAGE}`), paging]);
  const asked = xml("query", { xmlns: NS.mam, queryid: query }, set);
  const fin = (await xmpp.iqCaller.request(xml("iq", { type: "set" }, asked))).getChild("fin");
  const found = results.get(query);
  results.delete(query);
  const bounds = fin.getChild("set", NS.paging);
  return {
    found,
    complete: fin.attrs.complete === "true",
    first: bounds?.getChildText("first"),
    last: bounds?.getChildText("last"),
  };
}

async function forwards(after) {
  const all = [];
  for (let number = 0; ; number++) {
    const got = await page(`f${number}`, after ? xml("after", {}, after) : null);
    all.push(...got.found);
    if (got.complete) return all;
    after = got.last;
  }
}

async function backwards() {
  const all = [];
  let before = "";
  for (let number = 0; ; number++) {
    const got = await page(`b${number}`, xml("before", {}, before));
    all.unshift(...got.found);
    if (got.complete) return all;
    before = got.first;
  }
}

const todo = {
  start: () => {
    // "online" says when it is done; the promise of start() is late where the server is quick.
    xmpp.start().catch(() => {});
  },
  // The network is another one from now on: the old connection is of no use, and nobody is told.
  switch: ({ service }) => {
    xmpp.options.service = service;
    xmpp.socket?.socket.destroy();
  },
  say: async ({ to, body, id }) => {
    const content = [xml("body", {}, body), xml("origin-id", { xmlns: NS.ids, id })];
    await xmpp.send(xml("message", { to, id, type: "chat" }, content)).catch(() => {});
  },
  state: ({ name }) => xmpp.send(xml(name, NS.csi)),
  ask: async ({ type, payload, to }) => {
    const iq = xml("iq", { type, ...(to && { to }) }, element(payload));
    return `${await xmpp.iqCaller.request(iq)}`;
  },
  archive: ({ way, after }) => (way === "backwards" ? backwards() : forwards(after)),
  roster: async () => {
    const answer = await xmpp.iqCaller.get(xml("query", NS.roster));
    return answer.getChildren("item").map((item) => item.attrs);
  },
};

// Elements come as [name, attributes, children], and text as text.
function element([name, attributes, ...children]) {
  return xml(name, attributes, ...children.map((x) => (Array.isArray(x) ? element(x) : x)));
}

for await (const line of createInterface({ input: process.stdin })) {
  const { number, what, ...rest } = JSON.parse(line);
  Promise.resolve(rest)
    .then(todo[what])
    .then(
      (result) => tell({ number, result: result ?? null }),
      (error) => tell({ number, error: String(error) }),
    );
}
if (xmpp.status === "online") await xmpp.stop();
process.exit(0);
