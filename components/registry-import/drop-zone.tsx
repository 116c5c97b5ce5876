"use client";

import { FileUp, FolderUp } from "lucide-react";
import { useRef, useState, type DragEvent } from "react";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import type { ChosenFile } from "./chosen-files.ts";
import { readDroppedFiles } from "./read-dropped-files.ts";

/** Makes a file input ask for a folder; every browser knows it, the typings do not. */
const WHOLE_FOLDER = { webkitdirectory: "" };

/** Takes files, a folder or an archive, dropped or chosen. */
export function DropZone({ onChoose }: { onChoose: (files: ChosenFile[]) => void }) {
  const [isOver, setIsOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    void readDroppedFiles(event.dataTransfer).then(onChoose);
  };
  const onPick = (list: FileList | null) => {
    if (list !== null && list.length > 0)
      onChoose(
        [...list].map((file) => ({
          path: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath,
          file,
        })),
      );
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
      className={classNames(
        "flex flex-col items-center gap-3 rounded-lg border border-dashed border-control-line bg-surface px-6 py-8 text-center",
        isOver && "border-accent bg-selected",
      )}
    >
      <p className="font-medium">Drop YAML files, a folder, or an archive (.zip, .tar.gz) here</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button onClick={() => files.current?.click()}>
          <FileUp aria-hidden /> Choose files
        </Button>
        <Button onClick={() => folder.current?.click()}>
          <FolderUp aria-hidden /> Choose a folder
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        accept=".yaml,.yml,.zip,.tar,.tgz,.gz"
        aria-label="Files to import"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => onPick(event.target.files)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        {...WHOLE_FOLDER}
        aria-label="Folder to import"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => onPick(event.target.files)}
      />
    </div>
  );
}
