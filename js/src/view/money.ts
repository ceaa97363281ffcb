// Amounts, as the buyer's language writes them.

/** `decimal` is in major units with a point. */
export function writeMoney(
  language: string,
  currency: string,
  decimal: string,
  digits: number,
): string {
  try {
    return new Intl.NumberFormat(language, {
      style: "currency",
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      // Newer engines take the text as it is, so that no digit of a large amount is lost.
    }).format(decimal as unknown as number);
  } catch {
    return currency + " " + decimal;
  }
}
