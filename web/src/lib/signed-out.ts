import { Cell } from "./cell";

/** True from the moment a call was answered "not signed in" until the person signed in again. */
export const signedOut = new Cell(false);
