import { describe, expect, test } from "@jest/globals";
import type { StatusFeed, StatusJson } from "@planet/content";
import { feedsPage } from "./feedsPage.ts";
import { PLAIN_STYLE } from "./statusStyle.ts";

const failing: StatusFeed = {
  url: "http://a.test/feed",
  name: "Ann",
  state: "failing",
  reason: "timeout: a.test did not answer in time",
  last_ok: "2026-02-20T09:00:00Z",
  next_try: "2026-03-01T12:31:00Z",
  failures: 9,
  failing_since: "2026-02-20T10:00:00Z",
  needs_attention: true,
  entries: 3,
  newest: "2026-02-18T08:00:00Z",
  repaired: false,
  ms: 1,
  bytes: 2,
};
const healthy: StatusFeed = { ...failing, name: "Ben", state: "ok", needs_attention: false };

const statusWith = (feeds: readonly StatusFeed[]) =>
  ({
    planet: "Harbour",
    generated_at: "2026-03-01T12:00:00.000Z",
    counts: { ok: feeds.filter(({ state }) => state === "ok").length, feeds: feeds.length },
    ...{ feeds, rejected: [], drift: [], degraded: [], warnings: [] },
  }) as unknown as StatusJson;

/** The text of the page, element by element. */
const textOf = (html: string) => html.replace(/<[^>]*>/g, "|").replace(/[|\s]*\|[|\s]*/g, "|");

describe("feeds.html", () => {
  test("names a failing feed with its reason in plain words, since when, and the next try", () => {
    const text = textOf(feedsPage(statusWith([healthy, failing]), PLAIN_STYLE));
    expect(text).toContain(
      "|Failing feeds|Ann|its server did not answer in time|a.test did not answer in time" +
        "|Since|February 20, 2026 10:00 AM UTC|Last read|February 20, 2026 09:00 AM UTC" +
        "|Last entry|February 18, 2026 08:00 AM UTC|Next try|March 01, 2026 12:31 PM UTC|Other feeds|",
    );
    expect(text).toContain("|Feed|Last entry|Ben|February 18, 2026 08:00 AM UTC|");
    expect(text).toContain("|Feeds that are read: 1 of 2|As of|");
  });

  test("marks the feed that needs attention, and links to the feed for editors", () => {
    expect(feedsPage(statusWith([failing]), PLAIN_STYLE)).toContain('<li class="overdue">');
    expect(feedsPage(statusWith([{ ...failing, needs_attention: false }]), PLAIN_STYLE)).not.toContain("overdue");
    expect(feedsPage(statusWith([]), PLAIN_STYLE)).toContain('href="feeds-status.xml"');
  });

  test("leads to the feed's page on the planet, and to the feed", () => {
    const page = feedsPage(statusWith([{ ...healthy, page: "feed/a-test-0a1b2c3d.html" }, failing]), PLAIN_STYLE);
    expect(page).toContain(
      '<a href="feed/a-test-0a1b2c3d.html"><bdi>Ben</bdi></a> <a class="feed" href="http://a.test/feed"',
    );
    expect(page).toContain('<a href="http://a.test/feed"><bdi>Ann</bdi></a>');
  });

  test("says where a feed has moved, and which was never asked", () => {
    const moved = { ...healthy, state: "moved", moved_to: "http://b.test/" } as const;
    const never = { ...healthy, name: "Cleo", state: "never", newest: undefined } as unknown as StatusFeed;
    const text = textOf(feedsPage(statusWith([moved, never]), PLAIN_STYLE));
    expect(text).toContain("|Ben|Moved to http://b.test/.|");
    expect(text).toContain("|Cleo|Not fetched yet.|never|");
    expect(text).not.toContain("Failing feeds");
  });

  test("is in the language and the zone of the planet, from right to left where that is written so", () => {
    const german = feedsPage(statusWith([failing]), { ...PLAIN_STYLE, locale: "de", timezone: "Europe/Berlin" });
    expect(german).toContain('<html lang="de" dir="ltr">');
    expect(textOf(german)).toContain("|Gestörte Feeds|Ann|der Server hat nicht rechtzeitig geantwortet|");
    expect(textOf(german)).toContain("|Nächster Versuch|1. März 2026, 13:31 UTC+1|");
    expect(feedsPage(statusWith([]), { ...PLAIN_STYLE, locale: "ar" })).toContain('<html lang="ar" dir="rtl">');
  });
});
