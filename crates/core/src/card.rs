//! Card numbers: brands, lengths, Luhn, grouping, expiry. (Filled by its own commit.)
