//! The hosted card form.
