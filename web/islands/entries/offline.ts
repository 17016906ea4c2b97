/** The page for those who are offline. */
import { tryAgainByItself } from "../offline.ts";

tryAgainByItself();
