import { Button, FileButton, Group, Modal, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type DragEvent, useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { ErrorNote } from "@/components/ErrorNote";
import { UploadIcon } from "@/components/icons";
import { Skeleton } from "@/components/Skeleton";
import type { Image } from "@/gen";
import { useLaterOpened } from "@/lib/hooks";
import { useDeleteImage } from "../api/delete-image";
import { imagesQuery } from "../api/list-images";
import { useImageUploads } from "../use-image-uploads";
import styles from "./ImageDialog.module.css";
import type { ImagePickerProps } from "./ImagePicker";
import { ImageTile } from "./ImageTile";
import { UploadingTiles } from "./UploadingTiles";

const ACCEPTED = "image/png,image/jpeg,image/webp,image/gif";
const bringsFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");

export default function ImageDialog({ opened, onClose, onPick }: ImagePickerProps) {
  const [over, setOver] = useState(false);
  const [deleting, setDeleting] = useState<Image | null>(null);
  const { uploads, add, dismiss } = useImageUploads();
  // Stopped here, as the page would upload what is dropped as videos.
  const keep = (event: DragEvent, isOver: boolean) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(isOver);
  };
  const drop = (event: DragEvent) => {
    keep(event, false);
    void add([...event.dataTransfer.files]);
  };
  return (
    <>
      <Modal
        opened={useLaterOpened(opened)}
        onClose={onClose}
        title="Choose an image"
        size={760}
        closeOnEscape={deleting === null}
        trapFocus={deleting === null}
        onDragEnter={(event) => keep(event, true)}
        onDragOver={(event) => keep(event, true)}
        onDragLeave={(event) => keep(event, event.currentTarget.contains(event.relatedTarget as Node | null))}
        onDrop={drop}
      >
        <Stack gap={12}>
          <Group gap={8} wrap="nowrap">
            <Text className="dim grow">PNG, JPEG, WebP or GIF, up to 50 MB. Drop files here to upload them.</Text>
            <FileButton
              multiple
              accept={ACCEPTED}
              inputProps={{ "aria-label": "Image files to upload" }}
              onChange={(files) => void add(files)}
            >
              {(props) => (
                <Button variant="default" leftSection={<UploadIcon size={16} />} style={{ flex: "none" }} {...props}>
                  Upload
                </Button>
              )}
            </FileButton>
          </Group>
          <div className={styles.grid} data-over={over || undefined}>
            <UploadingTiles uploads={uploads} onDismiss={dismiss} />
            <Images onPick={onPick} onDelete={setDeleting} quiet={uploads.length > 0} />
          </div>
        </Stack>
      </Modal>
      <DeleteImage image={deleting} onClose={() => setDeleting(null)} />
    </>
  );
}

type ImagesProps = { onPick: (image: Image) => void; onDelete: (image: Image) => void; quiet: boolean };

function Images({ onPick, onDelete, quiet }: ImagesProps) {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    imagesQuery(),
  );
  const images = data?.pages.flatMap((page) => page.items) ?? [];
  if (error && !data) return <ErrorNote error={error} onRetry={() => void refetch()} compact />;
  return (
    <>
      {isPending &&
        Array.from({ length: 6 }, (_, n) => <Skeleton key={n} style={{ aspectRatio: "1", height: "auto" }} />)}
      {data && images.length === 0 && !quiet && (
        <Text className={`${styles.none} dim`}>No images yet. Upload one, or drop it here.</Text>
      )}
      {images.map((image) => (
        <ImageTile key={image.id} image={image} onPick={() => onPick(image)} onDelete={() => onDelete(image)} />
      ))}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function DeleteImage({ image, onClose }: { image: Image | null; onClose: () => void }) {
  const { mutate, isPending, error, reset } = useDeleteImage();
  const [shown, setShown] = useState(image);
  if (image && image !== shown) setShown(image); // its title stays while the dialog closes
  const close = () => {
    reset();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={image !== null}
      title="Delete this image?"
      action="Delete"
      busy={isPending}
      error={error}
      onClose={close}
      onConfirm={() => image && mutate(image.id, { onSuccess: close })}
    >
      <Text>
        “{shown?.title}” is deleted for good. Prompts that use it can no longer be generated; clips that were made from
        it stay.
      </Text>
    </ConfirmDialog>
  );
}
