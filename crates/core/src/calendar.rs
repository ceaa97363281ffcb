//! Days of the gateway's clock. No date is judged by the clock of the buyer's device.

use kassa_protocol::EpochMillis;

use crate::text_tools::digits;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
/// How far the last time zone is behind UTC, and the first one ahead of it, in milliseconds (IANA time
/// zone database: `Etc/GMT+12` and `Pacific/Kiritimati`).
const LAST_ZONE_BEHIND: u64 = 12 * HOUR;
const FIRST_ZONE_AHEAD: u64 = 14 * HOUR;

/// The earliest day that it still is somewhere, `YYYY-MM-DD`: what ended before it has ended
/// everywhere.
#[must_use]
pub fn earliest_day(now: EpochMillis) -> String {
    day(now.0.saturating_sub(LAST_ZONE_BEHIND))
}

/// The latest day that it already is somewhere, `YYYY-MM-DD`: a later one is in the future everywhere.
#[must_use]
pub fn latest_day(now: EpochMillis) -> String {
    day(now.0.saturating_add(FIRST_ZONE_AHEAD))
}

/// The day of a moment in UTC, `YYYY-MM-DD`, in the Gregorian calendar.
fn day(millis: u64) -> String {
    // Counted from 1 March of the year 0, so that the leap day is the last day of a year.
    let days = millis / DAY + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Counted from March, five months have 153 days.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let two = |number: u64| digits(number + 100).split_off(1);
    let mut text = digits(year);
    for part in [month, day] {
        text.push('-');
        text.push_str(&two(part));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_gregorian_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (86_399, "1970-01-01"),
            (86_400, "1970-01-02"),
            (951_782_400, "2000-02-29"),
            (951_868_800, "2000-03-01"),
            (1_709_164_800, "2024-02-29"),
            (1_735_689_599, "2024-12-31"),
            (1_735_689_600, "2025-01-01"),
            (4_107_542_400, "2100-03-01"),
            (4_107_456_000, "2100-02-28"),
        ] {
            assert_eq!(day(seconds * 1_000), expected, "{seconds}");
        }
    }

    #[test]
    fn a_day_lasts_from_the_first_time_zone_to_the_last() {
        // 2026-11-30T10:00:00Z and 2026-12-01T11:59:59Z.
        assert_eq!(latest_day(EpochMillis(1_796_032_800_000)), "2026-12-01");
        assert_eq!(earliest_day(EpochMillis(1_796_126_399_000)), "2026-11-30");
        assert_eq!(earliest_day(EpochMillis(1_796_126_400_000)), "2026-12-01");
        assert_eq!(earliest_day(EpochMillis(0)), "1970-01-01");
        let _ = latest_day(EpochMillis(u64::MAX));
    }
}
