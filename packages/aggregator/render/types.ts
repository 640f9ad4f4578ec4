/**
 * What templates see. Plain data, Venus' names where Venus had one. Everything is text that the template engine escapes,
 * except the fields ending in `_html`, which are sanitised HTML.
 */

/** A moment in the forms that templates want. */
export interface Moment {
  readonly text: string;
  readonly iso: string;
  readonly rfc822: string;
}

export interface ChannelModel {
  readonly name: string;
  readonly url: string;
  readonly link: string;
  readonly title: string;
  readonly subtitle: string;
  /** File below the page, `images/jane.png`, or empty. */
  readonly face: string;
  readonly face_width: number;
  readonly face_height: number;
  /** First letter of the name, and one of eight colours for it: the stand-in for a face. */
  readonly initial: string;
  readonly tone: number;
  /** Why this feed shows nothing new, in words; empty when all is well. */
  readonly message: string;
  readonly state: string;
  readonly last_updated: Moment | null;
  /** The keys of its section in planet.ini, so that templates may have their own. */
  readonly values: Readonly<Record<string, string>>;
}

export interface ItemModel {
  readonly id: string;
  readonly title: string;
  readonly title_html: string;
  readonly link: string;
  readonly content_html: string;
  readonly summary: string;
  readonly author: string;
  readonly author_uri: string;
  readonly date: Moment | null;
  readonly published: Moment | null;
  readonly updated: Moment | null;
  readonly day: string;
  readonly language: string;
  readonly dir: string;
  readonly categories: readonly string[];
  readonly enclosures: readonly {
    readonly url: string;
    readonly name: string;
    readonly type: string;
    readonly length: number;
  }[];
  readonly comments: string;
  readonly image: string;
  readonly rights: string;
  readonly also_in: readonly string[];
  readonly source_title: string;
  readonly source_link: string;
  readonly channel: ChannelModel;
}

/** Consecutive entries of one channel. */
export interface GroupModel {
  readonly channel: ChannelModel;
  readonly items: readonly ItemModel[];
}

export interface DayModel {
  /** `2026-03-01`, or empty for entries without a date. */
  readonly iso: string;
  readonly text: string;
  readonly groups: readonly GroupModel[];
}

export interface PageModel {
  readonly name: string;
  readonly link: string;
  readonly owner_name: string;
  readonly language: string;
  readonly dir: string;
  /** Page of this planet's feed for people and readers; absolute when `link` is known. */
  readonly feed: string;
  /** File of the picture beside the name; empty: the built-in mark; `none`: the skin draws one. */
  readonly logo: string;
  readonly generator: string;
  readonly generator_uri: string;
  readonly hub: string;
  readonly last_updated: Moment | null;
  readonly days: readonly DayModel[];
  readonly items: readonly ItemModel[];
  readonly channels: readonly ChannelModel[];
  readonly troubled: number;
}
