/** A cell of a table as JSON carries it. Dates are ISO text (`2024-03-31`, `2024-03-31T10:00:00Z`). */
export type Scalar = string | number | boolean | null;
