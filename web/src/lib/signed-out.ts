import { Cell } from "./cell";

/** True from the first 401 until the user has signed in again. */
export const signedOut = new Cell(false);
