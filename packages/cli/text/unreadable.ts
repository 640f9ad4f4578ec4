/** In place of something that could not be read: the reason. */
export interface Unreadable {
  readonly unreadable: string;
}

export const isUnreadable = (value: object | string): value is Unreadable =>
  typeof value === "object" && "unreadable" in value;
