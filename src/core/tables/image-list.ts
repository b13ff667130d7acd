/** Files that list images in their column `file_name`, as Hugging Face's ImageFolder has them. */
export const imageLists = ['metadata.csv', 'metadata.jsonl'] as const;

/** Whether a file may list images, by its name. */
export function isImageList(name: string): boolean {
  return imageLists.some((each) => each === name);
}
