const cents = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const exact = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD", maximumFractionDigits: 4 });

/** An amount of US dollars: `$1,234.50`, and with more digits where they count. */
export const dollars = (amount: number): string =>
  Math.abs(amount * 100 - Math.round(amount * 100)) < 1e-6 ? cents.format(amount) : exact.format(amount);
