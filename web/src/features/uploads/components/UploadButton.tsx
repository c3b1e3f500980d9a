import { Button, type ButtonProps, FileButton } from "@mantine/core";
import { UploadIcon } from "@/components/icons";
import { uploadQueue } from "../queue";

export function UploadButton({ children = "Upload", ...rest }: ButtonProps) {
  return (
    <FileButton
      multiple
      accept="video/*,audio/*,.mkv,.mov,.mp4,.webm,.ts,.avi,.mxf"
      inputProps={{ "aria-label": "Video files to upload" }}
      onChange={(files) => uploadQueue.add(files)}
    >
      {(props) => (
        <Button leftSection={<UploadIcon size={16} />} {...rest} {...props}>
          {children}
        </Button>
      )}
    </FileButton>
  );
}
