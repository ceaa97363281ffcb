// Where the SDK came from.

/** `folder`: the address of the folder of the SDK's script, where it is a script of its own. */
export const here: { folder?: string } = {};
