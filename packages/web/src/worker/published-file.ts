import { ZkcmpError } from "@zkcmp/field/error";

/** A file that the page's host publishes cannot be loaded. */
export class PublishedFileError extends ZkcmpError {}

/** The text of a file beside the page. @throws {PublishedFileError} */
export async function textAt(path: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(path, { cache: "no-cache" });
  } catch (cause) {
    throw new PublishedFileError(`${path} cannot be loaded`, "Check your connection and load the page again.", {
      cause,
    });
  }
  if (!response.ok) {
    throw new PublishedFileError(
      `${path} cannot be loaded: its server answers with status ${response.status}`,
      "Load the page again, or tell its host.",
    );
  }
  return response.text();
}
