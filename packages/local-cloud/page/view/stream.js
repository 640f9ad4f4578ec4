const RETRY_MS = 1_000;

/**
 * Server-sent events with the token in a header, where EventSource cannot put it. It comes again until it is called off.
 * @param on what to do with each kind of event; `open` and `lost` say how the connection is, `refused` why there is none
 */
export async function listen(path, token, signal, on) {
  while (!signal.aborted) {
    try {
      const answer = await fetch(path, { headers: { Authorization: `Bearer ${token}` }, signal });
      if (!answer.ok) {
        on.refused?.((await answer.json()).what);
        return;
      }
      on.open?.();
      await read(answer.body, on);
    } catch (error) {
      if (signal.aborted) return;
      console.info("the stream ended", error);
    }
    on.lost?.();
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function read(body, on) {
  let rest = "";
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const text of events) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/s.exec(text) ?? [];
      if (name) on[name]?.(JSON.parse(data));
    }
  }
}

/** Asks the cloud's daemon for something; a refusal becomes an error with its words. */
export async function ask(path, token, change) {
  const headers = { Authorization: `Bearer ${token}`, ...(change && { "Content-Type": "application/json" }) };
  const answer = await fetch(path, change ? { method: "POST", headers, body: JSON.stringify(change) } : { headers });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.what);
  return value;
}
