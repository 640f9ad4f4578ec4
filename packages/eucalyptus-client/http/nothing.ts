/** For calls whose answer says no more than that it is one. */
export const nothing = (): void => {};
